// What the lists of agents and people are made of.
export { DirectoryList } from './DirectoryList';
export { DirectoryPage } from './DirectoryPage';
export { DirectoryRow } from './DirectoryRow';
export { DirectorySkeleton } from './DirectorySkeleton';
export { useRowDialog } from './useRowDialog';
