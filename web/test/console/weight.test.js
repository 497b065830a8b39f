/** What the console costs a visitor: its own script, all views together, as it is sent. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, Visitor } from "../browser.js";
import { Server } from "../server.js";

const SCRIPT_BYTES_MAX = 300_000;
const VIEWS = ["/stock", "/sku/1001", "/order", "/audit", "/audit/summary", "/counts", "/counts/1"];

let browser, server;
before(async () => {
  browser = await launch();
  server = await Server.start();
  await server.create("1001", 5);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the script of all views is under 300 kB compressed", async () => {
  const visitor = await Visitor.come(browser, server.origin);
  const sizes = new Map();
  visitor.page.on("response", (response) => {
    if (response.url().endsWith(".js")) sizes.set(response.url(), response.request().sizes());
  });
  for (const view of VIEWS) {
    await visitor.page.goto(`${server.origin}/console${view}`, { waitUntil: "networkidle" });
  }
  const bytes = await Promise.all([...sizes.values()].map(async (it) => (await it).responseBodySize));
  assert.ok(bytes.length > 3 && bytes.every((it) => it > 0), `${bytes}`);
  const sum = bytes.reduce((all, one) => all + one, 0);
  assert.ok(sum < SCRIPT_BYTES_MAX, `${sum} bytes in ${[...sizes.keys()].join(" ")}`);
  await visitor.leave([/404/]);
});
