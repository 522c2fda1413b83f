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
// A slider beside its number box: each follows the other.
document.querySelectorAll("input[data-slides]").forEach((slider) => {
  const box = document.getElementById(slider.dataset.slides);
  const say = () => slider.setAttribute("aria-valuetext", slider.dataset.words.replace("{}", slider.value));
  slider.hidden = false;
  slider.value = box.value || slider.min;
  say();
  slider.addEventListener("input", () => { box.value = slider.value; say(); });
  box.addEventListener("input", () => { if (box.value !== "") { slider.value = box.value; say(); } });
});
