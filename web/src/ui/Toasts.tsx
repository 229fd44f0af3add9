import { useEffect, useState } from 'react';
import { loadOverlays, overlays, useOverlay } from './overlays';
import { whenToastsAreNeeded } from './toasts';

/** Where toasts appear; the frame draws it once. It loads what appears over the page once the page is there. */
export function Toasts() {
  const [areNeeded, setNeeded] = useState(false);
  const ToastRegion = useOverlay(overlays.toasts, areNeeded);
  useEffect(() => whenToastsAreNeeded(() => setNeeded(true)), []);
  useEffect(loadOverlays, []);
  return ToastRegion !== null && <ToastRegion />;
}
