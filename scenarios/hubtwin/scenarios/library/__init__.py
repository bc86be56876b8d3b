"""The shipped scenarios: five accounts that consultants describe, each as a portal file, and what must hold in them.

`hubtwin test` and pytest run them where they are; a copy of one is a start for an account of your own.
"""
