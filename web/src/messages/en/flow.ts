/** The picture of how conversations move between the steps. */
export const flow = {
  /** The name of the picture. */
  title: 'Flow',
  titleOf: (pipeline: string) => `Flow of ${pipeline}`,
  keys: 'Arrow keys go from step to step, Enter opens one, plus and minus zoom, 0 shows everything. A timer is changed in the step that it leaves, or by dragging the end of its arc.',
  openTimer: 'Press to open the step of this timer.',
  changeTimer: 'Press to change this timer in its step. Drag its end to lead it to another step.',
  dragHint: 'Drag to the step that the timer is to lead to.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show everything',
  download: 'Download',
  downloadSvg: 'Picture (SVG)',
  downloadMermaid: 'Mermaid text',
  downloadDot: 'Graphviz text (DOT)',
  downloaded: (file: string) => `${file} was saved.`,
  overview: 'The whole pipeline: press where to go',
  showList: 'In words',
  list: 'The steps and their timers in words',
  start: 'Start',
  trigger: 'Trigger',
  resolves: 'Resolves',
  removes: 'Takes out',
  deleted: 'Deleted',
  /** On an arc that closes a cycle of timers. */
  cycle: (period: string) => `⟲ cycle: ${period}`,
  /** Arcs that are not drawn, because too many are in view. */
  moreArcs: (count: string) => `${count} more timers pass here.`,
  empty: 'There are no steps yet',
  emptyText: 'Once the pipeline has steps, this shows how conversations move between them.',

  /** A step in words, as sentences. */
  step: (number: string, count: string, name: string) => `Step ${number} of ${count}: ${name}.`,
  startsHere: 'Conversations start here.',
  entersByTrigger: 'Conversations enter by its trigger, from any step.',
  timerTo: (delay: string, number: string, name: string) => `After ${delay} to step ${number}, ${name}.`,
  timersFrom: (numbers: string, count: number) =>
    count === 1 ? `The timer of step ${numbers} leads here.` : `The timers of steps ${numbers} lead here.`,
  /** For a list of steps that is too long to be read. */
  timersFromMany: (count: string) => `The timers of ${count} steps lead here.`,
  closesCycle: (period: string) => `This closes a cycle of timers of ${period}.`,
  resolvesIt: 'It resolves the conversation.',
  removesIt: 'It takes the conversation out.',
  hasProblems: (count: number) => (count === 1 ? 'It has 1 problem.' : `It has ${count} problems.`),
  hasNotes: (count: number) => (count === 1 ? 'It has 1 note.' : `It has ${count} notes.`),

  /** While the end of an arc is dragged. */
  dragEnd: (from: string) => `Drag to where the timer of ${from} leads`,
  retargeted: (from: string, to: string) => `The timer of ${from} leads to ${to}.`,
  retargetLabel: (from: string) => `Target of the timer of ${from}`,
  notItself: 'A timer cannot lead to its own step.',
};
