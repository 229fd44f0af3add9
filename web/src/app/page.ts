import { lazy, type ComponentType } from 'react';
import type { IEnvironment } from 'relay-runtime';

/** A page of the console, with the parameters of its address. */
export interface Page<Params> {
  /** Its component, which is loaded when it is shown the first time. */
  Component: ComponentType<{ params: Params }>;
  /** Starts its query meanwhile. */
  preload?: ((environment: IEnvironment, params: Params, search: URLSearchParams) => void) | undefined;
}

/** Describes a page. A feature does so in its `route.ts`, which is part of what every page loads. */
export function definePage<Params>(
  load: () => Promise<{ default: ComponentType<{ params: Params }> }>,
  preload?: Page<Params>['preload'],
): Page<Params> {
  return { Component: lazy(load), preload };
}
