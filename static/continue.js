// Presses the one button of a page that only waits for it; without scripts the reader does.
document.querySelector("form[data-continue]").requestSubmit();
