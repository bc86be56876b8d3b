"""The portal file that `hubtwin portal init` writes."""

STARTER = """\
# yaml-language-server: $schema=portal.schema.json
# (which `hubtwin portal schema > portal.schema.json` writes)
#
# A portal file: what a HubSpot account is like. What is left out is as in a new account.
# `hubtwin portal check` says what is wrong with it.

account: {id: 1001, name: Acme, time_zone: Europe/Helsinki, currency: EUR}

# The lifecycle stages of contacts and companies, in their order: by themselves records only move down this list.
# The description is what your team agreed on; owner is who looks after records in the stage.
stages:
  - {id: subscriber, label: Subscriber, description: Gets the newsletter, owner: marketing}
  - {id: lead, label: Lead, description: Gave us more than an address, owner: marketing}
  - {id: marketingqualifiedlead, label: Marketing Qualified Lead, description: Fits and is interested, owner: marketing}
  - {id: salesqualifiedlead, label: Sales Qualified Lead, description: Sales has talked to them, owner: sales}
  - {id: opportunity, label: Opportunity, description: There is a deal, owner: sales}
  - {id: customer, label: Customer, description: A deal was won, owner: sales}
  - {id: evangelist, label: Evangelist}
  - {id: other, label: Other}

# Settings → Objects → Contacts and Companies → Lifecycle Stage.
settings:
  default_stage: {contacts: lead, companies: lead}
  deal_created: opportunity
  deal_won: customer
  company_sync: {enabled: true, contacts: primary, on_association: true}

users:
  - {email: aino@acme.example, first_name: Aino, last_name: Virtanen, team: Sales, super_admin: true}
  - {email: eero@acme.example, first_name: Eero, last_name: Nieminen, team: Marketing}

# Properties of your own, by object. Of HubSpot's own you can change the options.
properties:
  contacts:
    - {name: icp_fit, label: ICP fit, options: [Good, Fair, Poor]}
    - name: hs_lead_status
      options:
        - {value: NEW, label: New}
        - {value: ATTEMPTED_TO_CONTACT, label: Attempted to contact}
        - {value: CONNECTED, label: Connected}
        - {value: BAD_TIMING, label: Bad timing}
        - {value: UNQUALIFIED, label: Unqualified}

# Pipelines of deals, tickets, leads and custom objects. A probability of 1 is won, 0 is lost.
pipelines:
  deals:
    - label: Sales
      stages:
        - {label: Discovery, probability: 0.2}
        - {label: Proposal, probability: 0.6}
        - {label: Closed Won, probability: 1}
        - {label: Closed Lost, probability: 0}

forms:
  - {name: Newsletter, fields: [email]}
  - {name: Demo request, contact_stage: marketingqualifiedlead, company_stage: marketingqualifiedlead}

# Whom they enroll, and what they do then. Without enroll people enroll by hand.
workflows:
  - name: Start over
    actions: [{clear: lifecyclestage}, {set: lifecyclestage, to: lead}]
  - name: Hand over to sales
    enroll: {when: {all: [{property: lifecyclestage, is: marketingqualifiedlead}]}}
    actions:
      - wait: 15m
      - {rotate_owner: hubspot_owner_id, teams: [Sales]}
      - if: {all: [{property: icp_fit, is: Good}]}
        then: [{task: "Call {{ enrolled_object.firstname }}", due_in: 1}]

# Who is in them their filters decide. HubSpot's own filterBranch can stand in the place of all and any.
lists:
  - name: Customers
    filters:
      all: [{property: lifecyclestage, is: [customer, evangelist]}]
  - name: Chief executives to talk to
    filters:
      all:
        - {property: lifecyclestage, is: [lead, marketingqualifiedlead]}
        - {property: jobtitle, contains: CEO}
        - {form: Demo request, submitted: true}
        - {list: Customers, member: false}

# Records that are there from the start, in the order of their dates. Scenarios call them by their alias: $ada.
records:
  - company: {as: client, name: Client Oy, domain: client.example, created: 2026-01-12}
  - contact: {as: ada, email: ada@client.example, jobtitle: CEO, icp_fit: Good, associated_with: $client}
  - deal: {as: seats, dealname: Ten seats, dealstage: discovery, created: 2026-02-02, associated_with: [$client, $ada]}
"""
