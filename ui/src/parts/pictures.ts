/** The picture of each kind of trouble. */
import {
  LaptopIcon,
  ClockIcon,
  CloudSlashIcon,
  ExclamationmarkTriangleIcon,
  FileXMarkIcon,
  FolderMinusIcon,
  GlobeSlashIcon,
  HddDownIcon,
  HourglassIcon,
  KeyHorizontalIcon,
  PadlockLockedIcon,
  PersonCrossIcon,
  XMarkOctagonIcon,
} from "@navikt/aksel-icons";
import type { Picture } from "../errors";
import type { IconType } from "./Icon";

export const pictures: Readonly<Record<Picture, IconType>> = {
  file: FileXMarkIcon,
  folder: FolderMinusIcon,
  person: PersonCrossIcon,
  lock: PadlockLockedIcon,
  hourglass: HourglassIcon,
  browser: LaptopIcon,
  rejected: XMarkOctagonIcon,
  network: GlobeSlashIcon,
  cloud: CloudSlashIcon,
  clock: ClockIcon,
  disk: HddDownIcon,
  key: KeyHorizontalIcon,
  warning: ExclamationmarkTriangleIcon,
};
