// The little that pages need without a circuit. No inline handlers: the content policy forbids them.
(() => {
  const root = document.documentElement;
  const ready = () => root.setAttribute('data-ready', '');
  const firstProblem = () => requestAnimationFrame(() => document.querySelector("[aria-invalid=true]")?.focus());
  window.passerelle = { ready, firstProblem };

  addEventListener('DOMContentLoaded', () => {
    if (!document.querySelector('[data-interactive]')) ready();
    const burger = document.querySelector('.burger');
    burger?.addEventListener('click', () => {
      const open = burger.getAttribute('aria-expanded') !== 'true';
      burger.setAttribute('aria-expanded', String(open));
      document.querySelector('.shell').classList.toggle('nav-open', open);
    });
    document.querySelector('[role=alert]')?.closest('form')?.querySelector('[aria-invalid=true]')?.focus();
  });

  addEventListener('keydown', key => {
    const burger = document.querySelector('.burger');
    if (key.key === 'Escape' && burger?.getAttribute('aria-expanded') === 'true') { burger.click(); burger.focus(); }
  });

  addEventListener('click', async click => {
    const button = click.target.closest('[data-copy]');
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else document.execCommand('copy'); // plain http on another host has no clipboard API
    const words = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  });

  // a form that takes longer than a second says so
  addEventListener('submit', submit => {
    const form = submit.target;
    setTimeout(() => form.classList.add('busy'), 1000);
  });
})();
