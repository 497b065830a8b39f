/** Who may do what in a stocktake: four eyes, blind counts, and tokens that allow none of it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";
import { look } from "./look.js";
import { allRecorded, amount, count, countOf, record, scan, shows, start } from "./stocktake.js";

const PHONE = { viewport: { width: 390, height: 844 } };

/** Enters a token, as a visitor does. */
async function enter(page, token) {
  await page.getByRole("button", { name: "Token", exact: true }).click();
  await page.getByRole("textbox", { name: "Token", exact: true }).fill(token);
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Token", exact: true }).waitFor({ state: "detached" });
}

/** What an identity provider gives, but for the signature, which the page does not look at. */
function jwt(claims) {
  const part = (it) => Buffer.from(JSON.stringify(it)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

describe("counts under tokens", () => {
  let browser, server, manager, other, counter, reader;
  before(async () => {
    browser = await launch();
    server = await Server.start({
      apiKeys: true,
      env: { STOCKFLOW_COUNTS__SECOND_PERSON_ABOVE_UNITS: "0" },
    });
    manager = await server.token("stock:manage", "stock:read", "stock:write", "audit:read");
    other = await server.token("stock:manage", "stock:read", "audit:read");
    counter = await server.token("stock:manage");
    reader = await server.token("stock:read");
    for (const skuId of ["1001", "1002", "1003", "1004", "1005"]) {
      await server.ask(
        "mutation ($input: InventoryCreateInput!) { inventoryCreate(input: $input) { userErrors { code } } }",
        { input: { skuId, quantity: 10, merchantId: "1", idempotencyKey: `create-${skuId}` } },
        manager,
      );
    }
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A visitor who has entered a token. */
  const come = async (token, options) => {
    const visitor = await Visitor.come(browser, server.origin, options);
    await visitor.context.addInitScript((it) => {
      if (it !== undefined) sessionStorage.setItem("stockflow:console:token", it);
    }, token);
    return visitor;
  };
  const begin = (input) => start(server, { token: manager, merchantId: "1", ...input });

  test("a difference is put on the books by a second person only", async () => {
    const id = await begin({ skuIds: ["1001"] });
    const one = await come(manager);
    await count(one.page, server.origin, id);
    await scan(one.page, "1001", "*7");
    await allRecorded(one.page);
    await one.page.getByRole("link", { name: "Review" }).click();
    await one.page.getByRole("button", { name: "Complete…" }).click();
    await one.page.getByRole("button", { name: "Put it on the books" }).click();
    await one.page.getByText("Somebody must complete this who neither started the count nor counted.").waitFor();
    await one.leave();
    assert.equal(await amount(server, "1001", manager), 10);
    const second = await come(other);
    await second.page.goto(`${server.origin}/console/counts/${id}`);
    await second.page.getByRole("button", { name: "Complete…" }).click();
    await second.page.getByText("10 → 7").first().waitFor();
    await second.page.getByRole("button", { name: "Put it on the books" }).click();
    await second.page.getByText(`Count ${id} is on the books.`).waitFor();
    await second.leave();
    assert.equal(await amount(server, "1001", manager), 7);
  });

  test("who counts blind sees no figures, and needs no other scope", async () => {
    const id = await begin({ skuIds: ["1002", "1003"], blind: true });
    const visitor = await come(counter);
    const { page } = visitor;
    await count(page, server.origin, id);
    await scan(page, "1002", "*4");
    await shows(page, "1002", 4);
    await allRecorded(page);
    await page.getByRole("link", { name: "Review" }).click();
    await page.getByText("This count is blind").waitFor();
    await page.getByRole("row").getByText("4", { exact: true }).waitFor();
    assert.equal(await page.getByRole("columnheader", { name: "Expected" }).count(), 0);
    await look(page, "counts-review-blind");
    await visitor.leave();
    const manages = await come(manager);
    await manages.page.goto(`${server.origin}/console/counts/${id}`);
    await manages.page.getByRole("row").getByText("-6", { exact: true }).waitFor();
    await manages.leave();
  });

  test("a shelf that moved while there was no network is to be looked at again by who cannot read the past", async () => {
    const id = await begin({ skuIds: ["1004"] });
    const visitor = await come(counter);
    const { page, context } = visitor;
    await count(page, server.origin, id);
    await context.setOffline(true);
    await scan(page, "1004", "*10");
    await shows(page, "1004", 10);
    await server.deduct("1004", 1, "who-knows-when", manager);
    await context.setOffline(false);
    await page.getByRole("heading", { name: "Look at these shelves again" }).waitFor();
    await allRecorded(page);
    // It may have had no network to keep the page from, either.
    await page.getByText("Works without a network").waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page, "counts-counting-phone-unsure");
    await page.getByRole("button", { name: "Count again" }).click();
    await page.getByText("SKU 1004: how many are there?").waitFor();
    await scan(page, "*9");
    await shows(page, "1004", 9);
    await allRecorded(page);
    await page.getByRole("heading", { name: "Look at these shelves again" }).waitFor({ state: "detached" });
    const { lines } = await countOf(server, id, manager);
    assert.deepEqual([lines.get("1004").quantity, lines.get("1004").variance], [9, 0]);
    await visitor.leave([/net::ERR/, /WebSocket/]);
  });

  test("what was counted under another token waits for that token", async () => {
    const id = await begin({ skuIds: ["1005"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    await page.goto(`${server.origin}/console/counts`);
    await page.getByText("Say who you are").waitFor();
    await enter(page, counter);
    await page.getByRole("link", { name: `Count for count ${id}` }).click();
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await scan(page, "1005", "*2");
    await shows(page, "1005", 2);
    await enter(page, other);
    await context.setOffline(false);
    await page.getByText("made under another token: 1.").waitFor();
    await scan(page, "1005", "*3");
    // All was recorded before the scan, too.
    await shows(page, "1005", 3);
    await allRecorded(page);
    const meanwhile = await countOf(server, id, manager);
    assert.deepEqual([...new Set(meanwhile.observations.map((it) => it.quantity))], [3]);
    await enter(page, counter);
    await page.getByText("made under another token").waitFor({ state: "detached" });
    await allRecorded(page);
    const { observations } = await countOf(server, id, manager);
    assert.ok(observations.some((it) => it.quantity === 2));
    await visitor.leave([/net::ERR/, /WebSocket/, /401/]);
  });

  test("who has a new token for the same work sends what the old one had counted", async () => {
    const id = await begin({ skuIds: ["1002", "1003"] });
    const visitor = await Visitor.come(browser, server.origin, PHONE);
    const { page, context } = visitor;
    await page.goto(`${server.origin}/console/counts`);
    await enter(page, counter);
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await scan(page, "1002", "*5");
    await shows(page, "1002", 5);
    await enter(page, other);
    await context.setOffline(false);
    await page.getByText("made under another token: 1.").waitFor();
    await look(page, "counts-counting-phone-others");
    await page.getByRole("button", { name: "These are mine, send them" }).click();
    await page.getByText("made under another token").waitFor({ state: "detached" });
    await allRecorded(page);
    const { observations } = await countOf(server, id, manager);
    assert.deepEqual(observations.map((it) => it.quantity), [5]);
    await visitor.leave([/net::ERR/, /WebSocket/, /401/]);
  });

  test("a JWT that is renewed is the same visitor's", async () => {
    const id = await begin({ skuIds: ["1002"] });
    const visitor = await Visitor.come(browser, server.origin);
    const { page, context } = visitor;
    // The server knows API keys only: whatever the page sends, it is asked under one.
    await page.route("**/graphql", (route) => {
      const headers = { ...route.request().headers(), authorization: `Bearer ${counter}` };
      return route.continue({ headers });
    });
    await page.goto(`${server.origin}/console/counts`);
    await enter(page, jwt({ iss: "https://login.example", sub: "ada", exp: 1 }));
    await count(page, server.origin, id);
    await page.getByText("Works without a network").waitFor();
    await context.setOffline(true);
    await scan(page, "1002", "*6");
    await shows(page, "1002", 6);
    await enter(page, jwt({ iss: "https://login.example", sub: "eve", exp: 2 }));
    await context.setOffline(false);
    await page.getByText("made under another token: 1.").waitFor();
    assert.deepEqual((await countOf(server, id, manager)).observations, []);
    await enter(page, jwt({ iss: "https://login.example", sub: "ada", exp: 3 }));
    await page.getByText("made under another token").waitFor({ state: "detached" });
    await server.until("it is recorded", async () => {
      return (await countOf(server, id, manager)).observations.length > 0;
    });
    const { observations } = await countOf(server, id, manager);
    assert.deepEqual(observations.map((it) => it.quantity), [6]);
    await visitor.leave([/net::ERR/, /WebSocket/]);
  });

  test("a token that may not count is told what it lacks", async () => {
    const id = await begin({ skuIds: ["1005"] });
    await record(server, id, "1005", 10, manager);
    const visitor = await come(reader);
    const { page } = visitor;
    for (const path of ["/counts", `/counts/${id}`, `/counts/${id}?mode=count`]) {
      await page.goto(`${server.origin}/console${path}`);
      await page.getByText("Your token does not allow this").waitFor();
      await page.getByText("stock:manage").waitFor();
    }
    await look(page, "counts-forbidden");
    await page.goto(`${server.origin}/console/counts/999999`);
    await visitor.leave();
  });
});
