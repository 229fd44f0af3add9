// What the lists of agents and people are made of.
export { DirectoryList, type RowProps } from './DirectoryList';
export { DirectoryPage, type FoundProps } from './DirectoryPage';
export { DirectoryRow } from './DirectoryRow';
