// The page: reads its data, and shows the view that the address names.
import { inflate, readFacts } from "./data.mjs";
import { h, visible } from "./dom.mjs";
import { addressWith, changeState, onChange, readAddress, stateOf } from "./state.mjs";
import { Corpus } from "./corpus.mjs";
import { filterBar } from "./filter.mjs";
import { findingsView } from "./findings.mjs";
import { itemsView } from "./items.mjs";
import { heatmapView } from "./heatmap.mjs";
import { papersView } from "./papers.mjs";
import { paperView } from "./paper.mjs";
import { scatterView } from "./scatter.mjs";
import { groupsView } from "./groups.mjs";
import { claimsView } from "./claims.mjs";
import { definitionsView } from "./definitions.mjs";

/**
 * @typedef {object} View
 * @property {string} title
 * @property {boolean=} needsTexts
 * @property {(corpus: Corpus, texts: import("./data.mjs").Texts | null) => import("./dom.mjs").Child[]} show
 */

/** @type {Record<string, View>} */
const views = {
  findings: { title: "Findings", show: findingsView },
  items: { title: "Items", show: itemsView },
  map: { title: "Papers × items", needsTexts: true, show: heatmapView },
  papers: { title: "Papers", show: papersView },
  paper: { title: "Paper", needsTexts: true, show: paperView },
  scatter: { title: "Scatter", show: scatterView },
  groups: { title: "Groups", show: groupsView },
  claims: { title: "Claims", needsTexts: true, show: claimsView },
  definitions: { title: "Definitions", show: definitionsView },
};

/** @param {string} id */
function part(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no part '${id}'`);
  return element;
}

/**
 * How an element is found again after its view was made anew.
 * @param {Element} element
 */
const signature = (element) => (
  `${element.tagName} ${element.id} ${element.getAttribute("aria-label") ?? ""} ${element.textContent?.slice(0, 80)}`);

/** Shows a view, keeping the focus where it was. */
function show(/** @type {HTMLElement} */ main, /** @type {import("./dom.mjs").Child[]} */ content) {
  const focused = document.activeElement;
  const name = focused && main.contains(focused) && focused !== main ? signature(focused) : "";
  main.replaceChildren();
  for (const child of content) if (child instanceof Node) main.append(child);
  if (name === "") return;
  const again = Array.from(main.querySelectorAll("a, button, input, select, summary, canvas, [tabindex]"))
    .find((element) => signature(element) === name);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

async function start() {
  readAddress();
  const block = part("facts").textContent ?? "";
  const { facts, planes } = readFacts(await inflate(block));
  const corpus = new Corpus(facts, planes);
  const main = part("content");
  const bar = filterBar(corpus);
  part("selection").append(bar.element);
  const links = Object.entries(views).filter(([name]) => name !== "paper")
    .map(([name, { title }]) => h("a", { "data-view": name }, title));
  part("views").append(...links);
  part("about").append(
    h("p", {}, `Made by ${facts.generator}. Numbers marked `, h("span", { class: "origin" }, "computed by metastat"),
      " are those of its tables; for a reader's own selection the page counts, and computes rates and Wilson intervals. ",
      "The page loads nothing and sends nothing."));
  let selected = "";
  let shown = "";
  /** The number of the latest update: a view that had to wait for texts does not replace a later one. */
  let turn = 0;
  const update = async () => {
    const began = performance.now();
    turn += 1;
    const mine = turn;
    const selection = JSON.stringify([stateOf("where"), stateOf("q")]);
    if (selection !== selected) {
      corpus.select(stateOf("where"), stateOf("q"));
      selected = selection;
    }
    bar.update();
    const name = stateOf("view") in views ? stateOf("view") : "findings";
    const view = views[name];
    for (const link of links) {
      const target = link.dataset.view ?? "";
      link.href = addressWith({ view: target === "findings" ? null : target, paper: null, row: null });
      if (target === name || (target === "papers" && name === "paper")) {
        link.setAttribute("aria-current", "page");
        part("views").scrollLeft = link.offsetLeft - 40;
      } else link.removeAttribute("aria-current");
    }
    const texts = view.needsTexts ? await corpus.loadTexts() : null;
    if (mine !== turn) return;
    show(main, view.show(corpus, texts));
    const place = `${name} ${stateOf("paper")}`;
    if (shown !== "" && shown !== place) {
      main.focus({ preventScroll: true });
      scrollTo({ top: 0 });
    }
    shown = place;
    document.title = `${view.title} · ${visible(facts.title)}`;
    document.documentElement.dataset.milliseconds = (performance.now() - began).toFixed(1);
    document.documentElement.dataset.ready = String(mine);
  };
  onChange(update);
  addEventListener("keydown", (event) => keyPressed(event));
  await update();
}

/**
 * `/` goes to the search, digits go to views.
 * @param {KeyboardEvent} event
 */
function keyPressed(event) {
  const { target } = event;
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    part("search").closest("details")?.setAttribute("open", "");
    part("search").focus();
  }
  const names = Object.keys(views).filter((name) => name !== "paper");
  const place = Number(event.key) - 1;
  if (names[place] !== undefined && event.key.length === 1) changeState({ view: names[place], paper: null, row: null });
}

start().catch((error) => {
  const main = document.getElementById("content");
  main?.append(h("p", { class: "error", role: "alert" }, `The page could not be shown: ${error instanceof Error ? error.message : error}`));
});
