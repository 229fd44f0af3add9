// Two regions, made at the first announcement: a reader says what is put into them.
const regions = new Map<'polite' | 'assertive', HTMLElement>();

function regionOf(urgency: 'polite' | 'assertive'): HTMLElement {
  const there = regions.get(urgency);
  if (there !== undefined) return there;
  const region = document.createElement('div');
  region.className = 'visually-hidden';
  region.setAttribute('aria-live', urgency);
  // React Aria hides what is outside of an open dialog; what is announced has to be heard there, too.
  region.dataset.liveAnnouncer = 'true';
  document.body.append(region);
  regions.set(urgency, region);
  return region;
}

/**
 * Has assistive technology say `sentence`, without showing it: that a step was moved, how many were found. `assertive`
 * interrupts, and is for what went wrong.
 */
export function announce(sentence: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  const region = regionOf(urgency);
  const line = document.createElement('div');
  line.textContent = sentence;
  region.append(line);
  // Long enough to be read; the same sentence said twice is two lines.
  setTimeout(() => line.remove(), 7000);
}
