// Staff pages only, and every page works without it: "/" goes to the search box,
// and a box in a table's head ticks the rows beneath it.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("[data-shortcut='/']");
  if (!box || box.offsetParent === null) return;
  event.preventDefault();
  box.focus();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-ticks-all]")) return;
  const boxes = event.target.closest("table").querySelectorAll("tbody input[type=checkbox]:not(:disabled)");
  boxes.forEach((box) => { box.checked = event.target.checked; });
});
