// Three conveniences; every page works without them.
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });
}

// What is changed and not saved is said beside the button.
for (const form of document.querySelectorAll('form[data-unsaved]')) {
  form.addEventListener('input', () => { form.querySelector('.unsaved').hidden = false; });
}

// New lines of the log come on top, as the page shows the newest first.
const log = document.querySelector('tbody[data-live]');
if (log) {
  new EventSource(log.dataset.live).addEventListener('entry', event => {
    const row = document.createElement('template');
    row.innerHTML = JSON.parse(event.data);
    log.prepend(row.content);
    while (log.rows.length > 200) log.deleteRow(-1);
  });
}
