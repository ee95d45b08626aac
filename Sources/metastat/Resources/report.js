// A link to a folded section opens it.
const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest("details");
  if (folded) {
    folded.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", unfold);
unfold();
// On a phone the contents are folded.
if (innerWidth < 480) document.querySelector(".contents")?.removeAttribute("open");
// Sorting and filtering of the tables; the page reads the same without it.
for (const box of document.querySelectorAll(".tablebox")) {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length < 6) continue;
  const value = (row, index) => row.cells[index].textContent.trim();
  const number = (text) => {
    const match = text.replace(/,/g, "").match(/^-?\d+(\.\d+)?(e[-+]\d+)?/);
    return match ? Number(match[0]) : null;
  };
  [...table.tHead.rows[0].cells].forEach((cell, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    // Browsers do not repeat buttons in the heading of a further page.
    const printed = document.createElement("span");
    printed.className = "printed";
    printed.textContent = cell.textContent;
    cell.replaceChildren(button, printed);
    button.addEventListener("click", () => {
      const down = cell.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      const isNumeric = cell.classList.contains("number");
      const sorted = [...rows].sort((a, b) => {
        const [x, y] = [value(a, index), value(b, index)];
        if (!isNumeric) return x.localeCompare(y) * (down ? -1 : 1);
        const [p, q] = [number(x), number(y)];
        if (p === null || q === null) return (p === null) - (q === null);
        return (p - q) * (down ? -1 : 1);
      });
      body.append(...sorted);
    });
  });
  if (rows.length < 12) continue;
  const label = document.createElement("label");
  label.textContent = "Filter rows: ";
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    status.textContent = wanted ? `${shown} of ${rows.length} rows` : "";
  });
  box.querySelector(".tools").prepend(label, status);
}
