/** Looks at a page in both themes: axe finds nothing grave, and SCREENSHOTS names a folder for pictures. */
import assert from "node:assert/strict";
import path from "node:path";

import { AxeBuilder } from "@axe-core/playwright";

const { SCREENSHOTS } = process.env;

export async function look(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ").slice(0, 400)}`);
    assert.deepEqual(grave, [], `${name}, ${colorScheme}`);
    if (SCREENSHOTS !== undefined) {
      const file = path.join(SCREENSHOTS, `${name}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
  }
}
