"""The command line: `hubtwin …`."""
