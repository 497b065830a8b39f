import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

// The server's build script names a directory of its own, so that a build writes nothing here.
const outDir = process.env.STOCKFLOW_WEB_OUT ?? "dist";
// For work on the pages, `npx vite build --watch` and `npx vite preview`: the server behind them.
const target = process.env.STOCKFLOW_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    // The content security policy lets scripts come from files only. Small workers and fonts as
    // data: addresses would be refused.
    assetsInlineLimit: 0,
    // Monaco alone is larger than the limit that Vite warns about, and is not ours to split.
    chunkSizeWarningLimit: 6000,
    rolldownOptions: {
      // GraphiQL, and the console.
      input: ["index.html", "console/index.html"],
      onLog(level, log, report) {
        // Hundreds of "use client" lines, of no meaning outside a server that renders React.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
  // Monaco's workers import chunks of their own, which the default format cannot.
  worker: { format: "es" },
  preview: { proxy: { "/graphql": { target, ws: true }, "/export": target } },
  plugins: [views(), consoleWorker(), compressed()],
});

/** Every address below /console is the console, and its worker's scope, as it is with the server itself. */
function views() {
  return {
    name: "views",
    configurePreviewServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        if (request.url === "/console/sw.js") response.setHeader("service-worker-allowed", "/console");
        if (/^\/console(\/|\?|$)/.test(request.url) && request.headers.accept?.includes("text/html")) {
          request.url = "/console/index.html";
        }
        next();
      });
    },
  };
}

/** Emits the console's service worker, with the names of all the files that the console loads. */
function consoleWorker() {
  return {
    name: "console-worker",
    apply: "build",
    // Behind Vite's own plugins, once the pages are in the bundle.
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle["console/index.html"];
      const files = new Set();
      const take = (name) => {
        const chunk = bundle[name];
        if (chunk === undefined || files.has(name)) return;
        files.add(name);
        const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
        const loads = [chunk.imports ?? [], chunk.dynamicImports ?? [], importedCss, importedAssets];
        for (const loaded of loads) for (const next of loaded) take(next);
      };
      // The page names the files that it begins with; these name the others.
      for (const [, name] of page.source.toString().matchAll(/"\/(assets\/[^"]+)"/g)) take(name);
      const names = [...files].sort();
      if (!names.some((name) => name.endsWith(".js"))) this.error("the console loads no script");
      const version = createHash("sha256").update(page.source).update(names.join()).digest("hex");
      const source = readFileSync(new URL("src/console/offline/worker.js", import.meta.url), "utf8")
        .replace("__VERSION__", version.slice(0, 16))
        .replace('"__FILES__"', names.map((name) => JSON.stringify(`/${name}`)).join(", "));
      this.emitFile({ type: "asset", fileName: "console/sw.js", source });
    },
  };
}

/** Writes a `.gz` beside every file that it makes smaller; the server embeds both. */
function compressed() {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
      for (const file of files) {
        const bytes = readFileSync(file);
        // Brotli would save another tenth, of files that a browser asks for once, and not over the
        // plain HTTP that most stock servers are reached by.
        const packed = gzipSync(bytes, { level: 9 });
        if (packed.length < bytes.length) writeFileSync(`${file}.gz`, packed);
      }
    },
  };
}
