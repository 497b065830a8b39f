/**
 * Servers of the tests' own, over SQLite files of their own: STOCKFLOW_SERVER names the program. With
 * STOCKFLOW_WEB_DEV=1 the pages are built from their sources, by Vite, so that the program need not be
 * built for each change of theirs.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const { STOCKFLOW_SERVER, STOCKFLOW_WEB_DEV } = process.env;
assert.ok(STOCKFLOW_SERVER, "STOCKFLOW_SERVER has to name the program stockflow");

const READY_MS = 60_000;

export class Server {
  /** Starts one with empty books, or with the demo's. `apiKeys` has callers known by keys. */
  static async start({ demo = false, apiKeys = false, env = {} } = {}) {
    const server = new Server();
    server.folder = await mkdtemp(path.join(tmpdir(), "stockflow-console-"));
    server.environment = {
      ...process.env,
      STOCKFLOW_DATABASE_URL: `sqlite://${path.join(server.folder, "stock.db")}?mode=rwc`,
      STOCKFLOW_AUTH__API_KEYS: String(apiKeys),
      STOCKFLOW_LOG__FILTER: "warn",
      ...env,
    };
    server.options = demo ? ["--demo"] : [];
    server.port = await freePort();
    await server.run();
    server.origin = `http://127.0.0.1:${server.port}`;
    if (STOCKFLOW_WEB_DEV === "1") await server.serveSources();
    return server;
  }

  /** Runs the program, the first time or after `kill`. */
  async run() {
    const listen = ["serve", "--listen", `127.0.0.1:${this.port}`, ...this.options];
    this.process = spawn(STOCKFLOW_SERVER, listen, {
      env: this.environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const until = Date.now() + READY_MS;
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      assert.ok(this.process.exitCode === null && Date.now() < until, "the server does not start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async serveSources() {
    process.env.STOCKFLOW_URL = this.origin;
    process.env.STOCKFLOW_WEB_OUT = path.join(this.folder, "pages");
    const { build, preview } = await import("vite");
    const root = path.join(import.meta.dirname, "..");
    const port = await freePort();
    await build({ root, logLevel: "error" });
    const options = { port, host: "127.0.0.1", strictPort: true };
    this.pages = await preview({ root, logLevel: "error", preview: options });
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** The process is gone at once, as after a crash. */
  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await gone;
  }

  async stop() {
    await this.pages?.close();
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A new API key. */
  async token(...scopes) {
    const { stdout } = await promisify(execFile)(
      STOCKFLOW_SERVER,
      [
        ...["token", "create", "--label", `test-${scopes.join("-").replaceAll(":", "-")}`],
        "--all-merchants",
        ...scopes.flatMap((scope) => ["--scope", scope]),
      ],
      { env: this.environment },
    );
    return stdout.trim();
  }

  /** Answers the data of an operation, as any client would be. */
  async ask(query, variables = {}, token = undefined) {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await response.json();
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    for (const payload of Object.values(answer.data)) assert.deepEqual(payload?.userErrors ?? [], []);
    return answer.data;
  }

  create(skuId, quantity, token) {
    return this.ask(
      "mutation ($input: InventoryCreateInput!) { inventoryCreate(input: $input) { userErrors { code } } }",
      { input: { skuId, quantity, merchantId: 1, idempotencyKey: `create-${skuId}` } },
      token,
    );
  }

  /** Sells, and answers the entry's id. */
  async deduct(skuId, quantity, orderDetailId, token) {
    const { inventoryDeduct } = await this.ask(
      "mutation ($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { flow { id } userErrors { code } } }",
      { input: { skuId, quantity, orderDetailId, idempotencyKey: `sell-${orderDetailId}-${skuId}` } },
      token,
    );
    return inventoryDeduct.flow.id;
  }

  /** Asks for more than there is, and answers the code of the refusal. */
  async refuse(skuId, quantity, orderDetailId) {
    const { inventoryDeduct } = await this.ask(
      "mutation ($input: InventoryDeductInput!) { inventoryDeduct(input: $input) { refusals: userErrors { code } } }",
      { input: { skuId, quantity, orderDetailId, idempotencyKey: `sell-${orderDetailId}-${skuId}` } },
    );
    return inventoryDeduct.refusals[0]?.code;
  }

  /** Waits until it is so. */
  async until(what, isSo) {
    const until = Date.now() + READY_MS;
    while (!(await isSo())) {
      assert.ok(Date.now() < until, `not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort() {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
