/** An export from the console: saved with the filter of the screen, checked, and never a part of it. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { launch } from "../browser.js";
import { Books, rows } from "./audit-books.js";
import { look } from "./look.js";

describe("export", () => {
  let browser, books;
  before(async () => {
    browser = await launch();
    books = await Books.start();
  });
  after(async () => {
    await browser?.close();
    await books?.stop();
  });

  const visit = (at, use) => books.visit(browser, at, use);
  const inMemory = () => delete window.showSaveFilePicker;
  const exported = async (page, format) => {
    await page.getByRole("button", { name: "Export …" }).click();
    await page.getByText(format, { exact: true }).click();
    await page.getByRole("button", { name: "Save file" }).click();
  };

  for (const [format, name] of [
    ["CSV", "flows.csv"],
    ["JSON Lines", "flows.jsonl"],
  ]) {
    test(`${format} is saved with the filter of the screen, and is what its manifest says`, async () => {
      await visit("history?find=1001,7001", async (page, visitor) => {
        await visitor.context.addInitScript(inMemory);
        await page.reload();
        await rows(page).first().waitFor();
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          exported(page, format),
        ]);
        await page.getByText("The file is whole.").waitFor();
        assert.equal(download.suggestedFilename(), name);
        const bytes = await readFile(await download.path());
        const last = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
        const line = bytes.subarray(last).toString().trim();
        const manifest =
          format === "CSV"
            ? JSON.parse(line.replace(/^#manifest,"|"$/g, "").replaceAll('""', '"'))
            : JSON.parse(line).manifest;
        assert.deepEqual(manifest.filter, { skuId: ["1001", "7001"] });
        assert.equal(
          createHash("sha256").update(bytes.subarray(0, last)).digest("hex"),
          manifest.sha256,
        );
        await page.getByText(`Saved and checked: ${manifest.rows} entries`).waitFor();
        await page.getByText(manifest.sha256).waitFor();
        if (format === "CSV") await look(page, "audit-export");
      });
    });
  }

  test("where a browser writes to files the bytes go there, and the file is closed once it is whole", async () => {
    await visit("history?find=1002", async (page, visitor) => {
      await visitor.context.addInitScript(() => {
        window.written = { names: [], bytes: 0, closed: 0, aborted: 0 };
        window.showSaveFilePicker = async ({ suggestedName }) => {
          window.written.names.push(suggestedName);
          return {
            createWritable: async () => ({
              write: async (piece) => void (window.written.bytes += piece.length),
              close: async () => void (window.written.closed += 1),
              abort: async () => void (window.written.aborted += 1),
            }),
          };
        };
      });
      await page.reload();
      const whole = await (
        await fetch(`${books.server.origin}/export/flows.csv?skuId=1002`)
      ).arrayBuffer();
      await exported(page, "CSV");
      await page.getByText("The file is whole.").waitFor();
      const written = { names: ["flows.csv"], bytes: whole.byteLength, closed: 1, aborted: 0 };
      assert.deepEqual(await page.evaluate(() => window.written), written);
      // Another one is under way when the visitor thinks better of it.
      let asked;
      await page.route(
        "**/export/**",
        (route) => new Promise((go) => (asked = () => go(route.abort()))),
      );
      await page.getByRole("button", { name: "Save file" }).click();
      await page.getByRole("button", { name: "Abort" }).click();
      await page.getByText("Aborted at 0 entries. No file was saved.").waitFor();
      asked?.();
      assert.equal(await page.evaluate(() => window.written.closed), 1);
    });
  });

  test("what was cut off or changed on the way is told, and not saved", async () => {
    await visit("history?find=1001", async (page, visitor) => {
      await visitor.context.addInitScript(inMemory);
      await page.reload();
      page.on("download", () => visitor.complaints.push("a part was saved"));
      const whole = await (
        await fetch(`${books.server.origin}/export/flows.jsonl?skuId=1001`)
      ).text();
      const bodies = [whole.slice(0, whole.length / 2), whole.replace("DEDUCTION", "DEDUCTIOM")];
      await page.route("**/export/**", (route) => route.fulfill({ body: bodies.shift() }));
      await exported(page, "JSON Lines");
      await page.getByText("The transfer was cut off").waitFor();
      await page.getByRole("button", { name: "Save file" }).click();
      await page.getByText("The file is not what its manifest says.").waitFor();
    });
  });
});
