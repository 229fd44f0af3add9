import './Spinner.css';

/** Turns while something is going on; the component around it says in words what. */
export function Spinner() {
  return <span className="spinner" aria-hidden="true" />;
}
