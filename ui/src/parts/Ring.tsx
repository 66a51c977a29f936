/** A ring that empties. */
import s from "./Ring.module.css";

const LENGTH = 2 * Math.PI * 8.5;

export function Ring({ share }: { share: number }) {
  return (
    <svg className={s.ring} viewBox="0 0 22 22" fill="none" strokeWidth="3" aria-hidden="true">
      <circle className={s.t} cx="11" cy="11" r="8.5" />
      <circle
        className={s.v}
        cx="11"
        cy="11"
        r="8.5"
        strokeDasharray={`${(LENGTH * share).toFixed(1)} ${LENGTH.toFixed(1)}`}
      />
    </svg>
  );
}
