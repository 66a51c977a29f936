/** The main menu: the places, and below them where one is. */
import { ArchiveIcon, CalendarIcon, CogIcon, KeyHorizontalIcon, PaperplaneIcon } from "@navikt/aksel-icons";
import { useTexts } from "../i18n/useTexts";
import { useReminders, useStart } from "../office";
import { Icon } from "../parts/Icon";
import { State } from "../parts/State";
import { norwegianDay } from "../i18n/format";
import { useMinute } from "../time";
import { address, places, useRoute, type MenuPlace } from "../router";
import { testIds } from "../testids";
import { Mark } from "./Mark";
import { cx } from "../parts/cx";
import s from "./Nav.module.css";

const icons = {
  filing: PaperplaneIcon,
  history: ArchiveIcon,
  deadlines: CalendarIcon,
  access: KeyHorizontalIcon,
  settings: CogIcon,
} as const;

const ids = {
  filing: testIds.placeFiling,
  history: testIds.placeHistory,
  deadlines: testIds.placeDeadlines,
  access: testIds.placeAccess,
  settings: testIds.placeSettings,
} as const;

export function Nav({ notices }: { notices: number }) {
  const { t } = useTexts();
  const { cards } = useStart();
  const { place } = useRoute();
  const { next } = useReminders();
  const near = next?.near ?? 0;
  const late = next?.late ?? 0;
  /** What has passed counts before what is near; both are said. */
  const dueSoon = (near: number, late: number): Warning => {
    const nearText = near > 0 ? t("nav.deadlinesNear", { count: near }) : "";
    if (late === 0) return { n: near, text: nearText };
    const text = [t("nav.deadlinesLate", { count: late }), nearText].filter((part) => part !== "").join(", ");
    return { n: late, text, late: true };
  };
  const open = cards.filter(({ filing }) => filing?.row.state !== "received").length;
  return (
    <nav className={s.nav} aria-label={t("nav.label")} data-region tabIndex={-1}>
      <Mark />
      <ul>
        {places.map((known) => (
          <Item
            key={known}
            place={known}
            current={known === place || (known === "filing" && (place === "books" || place === "draft"))}
            count={known === "filing" && open > 1 ? { n: open, text: t("nav.open", { count: open }) } : undefined}
            warn={
              known === "access" && notices > 0
                ? { n: notices, text: t("nav.warnings", { count: notices }) }
                : known === "deadlines" && near + late > 0
                  ? dueSoon(near, late)
                  : undefined
            }
          />
        ))}
      </ul>
      <Below />
    </nav>
  );
}

interface Count {
  n: number;
  text: string;
}

/** Something that asks for attention; in red when it is too late already. */
interface Warning extends Count {
  late?: boolean;
}

function Item({
  place,
  current,
  count,
  warn,
}: {
  place: MenuPlace;
  current: boolean;
  count: Count | undefined;
  warn: Warning | undefined;
}) {
  const { t } = useTexts();
  const shown = warn ?? count;
  return (
    <li>
      <a
        href={address(place)}
        aria-current={current ? "page" : undefined}
        data-testid={ids[place]}
        title={t(`place.${place}`)}
      >
        <Icon of={icons[place]} />
        <span className={s.t}>{t(`place.${place}`)}</span>
        {shown && (
          <span className={warn ? (warn.late ? cx(s.n, s.bad) : cx(s.n, s.soon)) : s.n}>
            <span aria-hidden>{shown.n}</span>
            <span className="sr">{shown.text}</span>
          </span>
        )}
      </a>
    </li>
  );
}

/** In practice, that nothing is real; else the nearest deadline of what lies open. */
function Below() {
  const { t, dayFrom, relativeDay } = useTexts();
  const { environment, cards } = useStart();
  const followed = useReminders().next;
  const today = norwegianDay(useMinute());
  if (environment === "practice") {
    return (
      <div className={s.next}>
        <span className="xs quiet">{t("env.practiceNow")}</span>
        <span className="b sm">{t("env.practiceNowText")}</span>
      </div>
    );
  }
  const open = cards
    .filter(({ filing }) => filing?.delivered !== "yes")
    .map(({ content }) => content?.deadline)
    .filter((day) => typeof day === "string")
    .sort()[0];
  // What lies open may be due before anything that is followed.
  const next = followed !== null && (open === undefined || followed.day <= open) ? followed.day : open;
  if (next === undefined) return null;
  const remaining = followed?.day === next ? followed.remaining : null;
  return (
    <div className={s.next} data-testid={testIds.nextDeadline}>
      <span className="xs quiet">{t("nav.nextDeadline")}</span>
      <span className="b sm">{dayFrom(next, today)}</span>
      <span className="xs">
        <State tone={next < today ? "bad" : "soon"} shape="clock">
          {remaining === null
            ? relativeDay(next, today)
            : t("nav.remaining", { count: remaining, when: relativeDay(next, today) })}
        </State>
      </span>
    </div>
  );
}
