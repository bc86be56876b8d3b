// A round of work through HubSpot's own Node client. Prints one JSON object: what each step answered.
// Called as: node round.mjs URL, with the client installed in ./node_modules
import { createRequire } from "node:module";

const { Client } = createRequire(import.meta.url)("@hubspot/api-client");
const client = new Client({ accessToken: "pat-na1-x", basePath: process.argv[2] });
const { contacts, companies, deals, properties, owners, pipelines, associations } = client.crm;
const seen = {};

const ada = await contacts.basicApi.create({ properties: { email: "ada@acme.example" }, associations: [] });
seen.stage = ada.properties.lifecyclestage;
seen.created = ada.createdAt.toISOString();

try {
  await contacts.basicApi.create({ properties: { email: "ADA@acme.example" }, associations: [] });
} catch (error) {
  seen.duplicate = [error.code, error.body.message, error.body.category];
}

await contacts.basicApi.update(ada.id, { properties: { lifecyclestage: "customer" } });
seen.kept = (await contacts.basicApi.update(ada.id, { properties: { lifecyclestage: "lead" } })).properties.lifecyclestage;
const read = await contacts.basicApi.getById(ada.id, ["email"], ["lifecyclestage"]);
seen.history = read.propertiesWithHistory.lifecyclestage.map((version) => version.value);

const acme = await companies.basicApi.create({ properties: { name: "Acme" }, associations: [] });
await associations.v4.basicApi.createDefault("contacts", ada.id, "companies", acme.id);
const linked = await associations.v4.basicApi.getPage("contacts", ada.id, "companies");
seen.linked = linked.results.map((link) => [typeof link.toObjectId, link.associationTypes.map((type) => type.typeId)]);

const found = await contacts.searchApi.doSearch({
  filterGroups: [{ filters: [{ propertyName: "email", operator: "EQ", value: "ada@acme.example" }] }],
  sorts: ["createdate"],
  properties: ["email"],
  limit: 10,
  after: "0",
});
seen.found = [found.total, found.results[0].id === ada.id];

const input = { id: "bob@acme.example", idProperty: "email", properties: { firstname: "Bob" } };
const upserted = await contacts.batchApi.upsert({ inputs: [input] });
seen.upserted = upserted.results.map((row) => row._new ?? row.new);

const types = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 3 }];
const deal = await deals.basicApi.create({
  properties: { dealname: "D", dealstage: "closedwon" },
  associations: [{ to: { id: upserted.results[0].id }, types }],
});
seen.won = (await contacts.basicApi.getById(upserted.results[0].id, ["lifecyclestage"])).properties.lifecyclestage;
await deals.basicApi.archive(deal.id);

seen.all = (await contacts.getAll(2)).length;
seen.options = (await properties.coreApi.getByName("contacts", "lifecyclestage")).options.length;
seen.owners = (await owners.ownersApi.getPage()).results.map((owner) => typeof owner.userId);
seen.pipelines = (await pipelines.pipelinesApi.getAll("deals")).results.map((pipeline) => pipeline.id);

console.log(JSON.stringify(seen));
