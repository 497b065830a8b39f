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
  plugins: [views(), compressed()],
});

/** Every address below /console is the console, as it is with the server itself. */
function views() {
  return {
    name: "views",
    configurePreviewServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        if (/^\/console(\/|\?|$)/.test(request.url) && request.headers.accept?.includes("text/html")) {
          request.url = "/console/index.html";
        }
        next();
      });
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
