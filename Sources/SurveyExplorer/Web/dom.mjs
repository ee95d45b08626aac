// Elements made of text: nothing that the data hold is ever read as markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Text with its invisible characters shown, so that it cannot turn or hide what is around it.
 * @param {string} text
 */
export function visible(text) {
  // Almost all texts are plain, and a search for the others takes much longer.
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if ("\n\t\r".includes(character)) return " ";
    if ("\u200c\u200d".includes(character)) return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
  });
}

/**
 * @template {Element} T
 * @param {T} element
 * @param {Record<string, any>} attributes `on…` are listeners, false and null are left out
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : visible(String(value)));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
  return element;
}

/**
 * An HTML element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} attributes
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} attributes
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export const svg = (tag, attributes = {}, ...children) => (
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children));

/**
 * Saves text as a file of the reader's.
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * A value as it stands in CSV; text that a spreadsheet would run as a formula is guarded.
 * @param {string | number | null} value
 */
export function csvField(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "NA";
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/**
 * A share as percent with one decimal.
 * @param {number | null | undefined} share
 */
export const percent = (share) => (share === null || share === undefined ? "NA" : `${(100 * share).toFixed(1)}%`);

/**
 * Limits as percent.
 * @param {number | null | undefined} low
 * @param {number | null | undefined} high
 */
export const limits = (low, high) => (
  low === null || low === undefined || high === null || high === undefined ? "–"
    : low < 0 ? `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}%`
      : `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}%`);

/**
 * A number for people: at most so many decimals.
 * @param {number | null | undefined} value
 * @param {number} digits
 */
export function plain(value, digits = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return "NA";
  return Number.isInteger(value) ? String(value) : value.toFixed(digits).replace("-", "−");
}

/**
 * The notes of a row, which programs read as codes.
 * @param {string | null} note
 */
export const noteInWords = (note) => (note ?? "").replace(/-/g, " ");

/**
 * A count with commas.
 * @param {number} value
 */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/**
 * Says something to readers who do not see the change.
 * @param {string} text
 */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = visible(text);
}

/**
 * A menu of choices.
 * @param {string} label
 * @param {[string, string][]} choices values with what they are called
 * @param {string} chosen
 * @param {(value: string) => void} change
 */
export function menu(label, choices, chosen, change) {
  const id = `menu-${label.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  const select = h("select", {
    id,
    onchange: (/** @type {Event} */ event) => {
      if (event.target instanceof HTMLSelectElement) change(event.target.value);
    },
  });
  for (const [value, name] of choices) select.append(h("option", { value, selected: value === chosen }, name));
  return field(label, select);
}

/**
 * A control with its label, which the control's id binds to it.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} kind
 */
export const field = (label, control, kind = "") => (
  h("span", { class: `field ${kind}` }, h("label", { for: control.id }, label), control));

/**
 * A button.
 * @param {string} label
 * @param {() => void} press
 * @param {Record<string, any>} attributes
 */
export const button = (label, press, attributes = {}) => (
  h("button", { type: "button", onclick: press, ...attributes }, label));
