import './Spinner.css';

/** Turns while something is going on; whoever shows it says in words what. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
