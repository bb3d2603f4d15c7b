// The graph library of the picture page, as `window.cytoscape`; build.mjs leaves out what the page does not use.
import cytoscape from "cytoscape-slim";

window.cytoscape = cytoscape;
