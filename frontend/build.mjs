// Makes the two bundles of the pages and the text of the licences that travel with them.
//
//   npm ci && npm run build [-- FOLDER]      FOLDER defaults to src/evidence_kb/_frontend
import { readFile, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(here, "../src/evidence_kb/_frontend"));

// The picture's layout is made in Python, and it is drawn on a plain canvas. Without the other layouts, the graph
// algorithms, the export and the WebGL renderer, Cytoscape.js is a quarter smaller, which decides whether the page
// stays light.
const cytoscapeSlim = {
  name: "cytoscape-slim",
  setup(build) {
    const source = path.join(here, "node_modules/cytoscape/src");
    const replace = (file, contents) => {
      const whole = path.join(source, file);
      const filter = new RegExp(`${file.replaceAll(".", "\\.")}$`);
      build.onLoad({ filter }, (found) =>
        found.path === whole ? { contents, resolveDir: path.dirname(whole) } : undefined,
      );
    };
    build.onResolve({ filter: /^cytoscape-slim$/ }, () => ({ path: path.join(source, "index.mjs") }));
    replace("collection/algorithms/index.mjs", "export default {};");
    replace("collection/degree.mjs", "export default {};");
    replace("core/export.mjs", "export default {};");
    replace("extensions/renderer/canvas/export-image.mjs", "export default {};");
    replace("extensions/renderer/canvas/webgl/drawing-redraw-webgl.mjs", "export default {};");
    replace(
      "extensions/layout/index.mjs",
      `import none from "./null.mjs"; import preset from "./preset.mjs";
       export default [{ name: "null", impl: none }, { name: "preset", impl: preset }];`,
    );
  },
};

async function packageOf(file) {
  const parts = file.split("node_modules/").at(-1).split("/");
  const name = parts[0].startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
  const folder = path.join(here, "node_modules", name);
  return { name, folder, ...JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) };
}

async function licences(files) {
  const found = new Map();
  for (const file of files.filter((name) => name.includes("node_modules/"))) {
    const used = await packageOf(file);
    found.set(used.name, used);
  }
  const texts = [];
  for (const used of [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const text = await licenceText(used);
    texts.push(`${used.name} ${used.version} (${used.license})\n\n${text.trim()}\n`);
  }
  return `Packages inside query-editor.js and picture-graph.js, with their licences.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

async function licenceText(used) {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"]) {
    try {
      return await readFile(path.join(used.folder, name), "utf8");
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`${used.name} brings no licence text: it may not travel in the wheel`);
}

async function put(name, contents) {
  await writeFile(path.join(target, `${name}.tmp`), contents);
  await rename(path.join(target, `${name}.tmp`), path.join(target, name)); // never half a file
}

const version = JSON.parse(await readFile(path.join(here, "node_modules/cytoscape/package.json"), "utf8")).version;
const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/query-editor.js", "src/picture-graph.js"],
  bundle: true,
  minify: true,
  format: "iife", // a page opened from disk may not load modules
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // they are in licences.txt, whole
  define: { "process.env.VERSION": JSON.stringify(version), "process.env.NODE_ENV": '"production"' },
  plugins: [cytoscapeSlim],
  outdir: target,
  write: false,
  metafile: true,
});
await mkdir(target, { recursive: true });
for (const file of built.outputFiles) await put(path.basename(file.path), file.contents);
await put("licences.txt", await licences(Object.keys(built.metafile.inputs)));
