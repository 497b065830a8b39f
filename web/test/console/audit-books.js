/** Books for the tests of the audit: the demo's, with what looks unusual, a seal, and damage behind it. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { Visitor } from "../browser.js";
import { Server } from "../server.js";

const run = promisify(execFile);
const HOSTILE = `<img src=x onerror="alert(1)"> \u202e${"long ".repeat(80)}\nend`;

export class Books {
  /** Of SKU 7001 an order line is deducted twice, most is adjusted away, and one entry was changed. */
  static async start() {
    const books = new Books();
    books.server = await Server.start({ demo: true });
    await books.server.create("7001", 100);
    await books.sell("7001", 3, "twice", "first");
    await books.sell("7001", 3, "twice", "again");
    await books.server.ask(
      "mutation ($input: InventorySetQuantityInput!) { inventorySetQuantity(input: $input) { userErrors { code } } }",
      {
        input: {
          ...{ skuId: "7001", quantity: 20, changeFromQuantity: 94 },
          ...{ reason: HOSTILE, idempotencyKey: "counted" },
        },
      },
    );
    books.seal = path.join(books.server.folder, "seal.json");
    const { environment } = books.server;
    const { STOCKFLOW_SERVER } = process.env;
    await run(STOCKFLOW_SERVER, ["audit", "seal", "--output", books.seal], { env: environment });
    // Of an entry that sold one, somebody makes two, past the server.
    books.damaged = await books.sell("7001", 1, "changed", "changed");
    await books.sql(`UPDATE t_inventory_flow SET quantity_trade = 2 WHERE id = ${books.damaged}`);
    return books;
  }

  async stop() {
    await this.server.stop();
  }

  /** Sells under a key of its own, and answers the entry's id. */
  async sell(skuId, quantity, orderDetailId, idempotencyKey) {
    const { inventoryDeduct } = await this.server.ask(
      "mutation ($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { flow { id } userErrors { code } } }",
      { input: { skuId, quantity, orderDetailId, idempotencyKey } },
    );
    return inventoryDeduct.flow.id;
  }

  /** Behind the server's back. */
  async sql(statement) {
    const program =
      "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=30) as books: books.execute(sys.argv[2])";
    await run("python3", ["-c", program, path.join(this.server.folder, "stock.db"), statement]);
  }

  /** Somebody looks at a view of the audit. */
  async visit(browser, at, use, expected = []) {
    const { origin } = this.server;
    const visitor = await Visitor.come(browser, origin);
    await visitor.page.goto(`${origin}/console/audit/${at}`);
    await use(visitor.page, visitor);
    await visitor.leave(expected);
  }
}

export function rows(page) {
  return page.locator("tbody tr");
}
