// Built-ins of L 24.6. Instants are UTC; a zone is asked of the browser's own tables (Intl).

import { int_result } from "../../basics.js";
import { fail } from "../../kinds.js";
import { FlinMap, Money, Time } from "../kinds.js";
import { expect_text, wrong_type } from "../operators.js";
import { inspect } from "../text.js";
import { format_number } from "./numbers.js";
import { invalid } from "./texts.js";

const SECOND = 1e3, MINUTE = 6e4, HOUR = 36e5, DAY = 864e5;
const FIXED = { millisecond: 1, second: SECOND, minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY };
const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

const ms_of = (t) => (t instanceof Time ? t.value : wrong_type("time", t));
const weekday_of = (ms) => ((new Date(ms).getUTCDay() + 6) % 7) + 1;
const pad = (n, width) => String(n).padStart(width, "0");
const singular = (unit) => (unit === "ms" || unit === "milliseconds" ? "millisecond" : expect_text(unit).endsWith("s") ? unit.slice(0, -1) : unit);
const unknown_unit = (unit) => invalid(`unknown unit "${unit}"`);

// Date.UTC takes the years 0 to 99 for 1900 to 1999.
function utc(year, month, day, hour = 0, minute = 0, second = 0, ms = 0) {
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, ms));
  date.setUTCFullYear(year + date.getUTCFullYear() - 2000, date.getUTCMonth(), date.getUTCDate());
  return date.getTime();
}
const days_in_month = (year, month) => new Date(utc(year, month + 1, 1) - DAY).getUTCDate();

function civil(ms) {
  const d = new Date(ms);
  return { year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate(), hour: d.getUTCHours(), minute: d.getUTCMinutes(), second: d.getUTCSeconds(), ms: d.getUTCMilliseconds() };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

export function b_time(x) {
  if (x instanceof Time) return x;
  if (typeof x === "number") return Number.isInteger(x) ? new Time(x) : fail("R0013", `cannot convert ${x} to time`);
  const found = ISO.exec(expect_text(x).trim());
  const wrong = () => fail("R0013", `cannot convert ${inspect([x]).slice(1, -1)} to time`);
  if (!found) return wrong();
  const [, year, month, day, hour = 0, minute = 0, second = 0, part = "", zone = "Z"] = found;
  const inside = +month >= 1 && +month <= 12 && +day >= 1 && +day <= days_in_month(+year, +month) && (+hour < 24 || (+hour === 24 && +minute + +second + +part === 0)) && +minute < 60 && +second < 60;
  if (!inside) return wrong();
  const sign = zone[0] === "-" ? -1 : 1;
  const away = zone === "Z" ? 0 : sign * (+zone.slice(1, 3) * 60 + +zone.slice(-2)) * MINUTE;
  return new Time(utc(+year, +month, +day, +hour, +minute, +second, +(part + "000").slice(0, 3)) - away);
}

function add_months(ms, months) {
  const c = civil(ms);
  const total = c.year * 12 + c.month - 1 + months;
  const year = Math.floor(total / 12), month = total - year * 12 + 1;
  return utc(year, month, Math.min(c.day, days_in_month(year, month)), c.hour, c.minute, c.second, c.ms);
}

function start_of(ms, unit) {
  const c = civil(ms);
  if (unit === "year") return utc(c.year, 1, 1);
  if (unit === "month") return utc(c.year, c.month, 1);
  const size = FIXED[unit === "week" ? "day" : unit];
  if (size === undefined) return unknown_unit(unit);
  return Math.floor(ms / size) * size - (unit === "week" ? (weekday_of(ms) - 1) * DAY : 0);
}

function add_units(ms, n, unit) {
  if (unit === "month" || unit === "year") return add_months(ms, unit === "year" ? n * 12 : n);
  return FIXED[unit] === undefined ? unknown_unit(unit) : int_result(ms + n * FIXED[unit]);
}

export const b_start_of = (t, unit) => new Time(start_of(ms_of(t), singular(unit)));
export const b_end_of = (t, unit) => new Time(add_units(start_of(ms_of(t), singular(unit)), 1, singular(unit)) - 1);
export const b_add = (t, n, unit) => new Time(add_units(ms_of(t), n, singular(unit)));

// Whole units from b to a.
export function b_diff(a, b, of) {
  const x = ms_of(a), y = ms_of(b), unit = singular(of);
  if (FIXED[unit] !== undefined) return Math.trunc((x - y) / FIXED[unit]) + 0;
  if (unit !== "month" && unit !== "year") return unknown_unit(unit);
  const c = civil(x), d = civil(y);
  let months = (c.year - d.year) * 12 + c.month - d.month;
  if (months > 0 && add_months(y, months) > x) months--;
  if (months < 0 && add_months(y, months) < x) months++;
  return unit === "year" ? Math.trunc(months / 12) + 0 : months;
}

const UNITS = [[365 * DAY, "year"], [30 * DAY, "month"], [7 * DAY, "week"], [DAY, "day"], [HOUR, "hour"], [MINUTE, "minute"], [SECOND, "second"]];

export function b_relative(t) {
  const away = ms_of(t) - Date.now();
  const unit = UNITS.find(([size]) => Math.abs(away) >= size);
  if (unit === undefined) return "just now";
  const n = Math.floor(Math.abs(away) / unit[0]);
  const amount = `${n} ${unit[1]}${n === 1 ? "" : "s"}`;
  return away < 0 ? `${amount} ago` : `in ${amount}`;
}

export const b_is_today = (t) => start_of(ms_of(t), "day") === start_of(Date.now(), "day");
export const b_is_weekend = (t) => weekday_of(ms_of(t)) >= 6;

// ---- Zones ----

// Minutes east of UTC at an instant.
function offset_of(ms, zone) {
  if (zone === "UTC") return 0;
  let parts;
  try {
    parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", era: "short" }).formatToParts(ms);
  } catch {
    return invalid(`unknown zone "${zone}"`);
  }
  const at = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const year = at.era === "BC" ? 1 - at.year : +at.year;
  return Math.round((utc(year, +at.month, +at.day, +at.hour, +at.minute, +at.second) - Math.floor(ms / SECOND) * SECOND) / MINUTE);
}

const offset_text = (minutes) => (minutes < 0 ? "-" : "+") + pad(Math.floor(Math.abs(minutes) / 60), 2) + ":" + pad(Math.abs(minutes) % 60, 2);

export function b_in_zone(t, zone) {
  const minutes = offset_of(ms_of(t), expect_text(zone));
  const ms = ms_of(t) + minutes * MINUTE;
  const { year, month, day, hour, minute, second, ms: part } = civil(ms);
  const pairs = { year, month, day, hour, minute, second, ms: part, weekday: weekday_of(ms), offset: offset_text(minutes), zone };
  return new FlinMap(Object.entries(pairs));
}

// ---- Patterns ----

const PIECE = /\[[^\]]*\]?|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|m|SSS|ss|s|A|a|Z/g;

function format_time(utc_ms, pattern, zone) {
  const minutes = offset_of(utc_ms, zone);
  const ms = utc_ms + minutes * MINUTE;
  const c = civil(ms), hour = c.hour % 12 || 12, day = DAYS[weekday_of(ms) - 1];
  const year = c.year < 0 ? "-" + pad(-c.year, 3) : pad(c.year, 4);
  const pieces = {
    YYYY: year, YY: pad(((c.year % 100) + 100) % 100, 2), MMMM: MONTHS[c.month - 1], MMM: MONTHS[c.month - 1].slice(0, 3), MM: pad(c.month, 2), M: c.month,
    DD: pad(c.day, 2), D: c.day, dddd: day, ddd: day.slice(0, 3), HH: pad(c.hour, 2), H: c.hour, hh: pad(hour, 2), h: hour, mm: pad(c.minute, 2), m: c.minute,
    SSS: pad(c.ms, 3), ss: pad(c.second, 2), s: c.second, A: c.hour < 12 ? "AM" : "PM", a: c.hour < 12 ? "am" : "pm", Z: offset_text(minutes),
  };
  return pattern.replace(PIECE, (piece) => (piece[0] === "[" ? piece.slice(1).replace(/\]$/, "") : pieces[piece]));
}

// Numbers and money too (L 24.3).
export function b_format(x, how, zone = "UTC") {
  return x instanceof Time ? format_time(x.value, expect_text(how), zone) : x instanceof Money ? x.flin_text() : format_number(x, how);
}

const READ = {
  YYYY: ["year", 4], YY: ["year2", 2], MMMM: ["month", MONTHS], MMM: ["month", MONTHS.map((m) => m.slice(0, 3))], MM: ["month", 2], M: ["month", 0], DD: ["day", 2], D: ["day", 0],
  dddd: ["skip", DAYS], ddd: ["skip", DAYS.map((d) => d.slice(0, 3))], HH: ["hour", 2], H: ["hour", 0], hh: ["hour", 2], h: ["hour", 0], mm: ["minute", 2], m: ["minute", 0],
  SSS: ["ms", 3], ss: ["second", 2], s: ["second", 0], A: ["half", ["AM", "PM"]], a: ["half", ["am", "pm"]], Z: ["zone"],
};

// The text that one piece of the pattern takes, and what it means.
function read_piece([name, how], rest) {
  if (name === "zone") {
    const found = /^(?:Z|([+-])(\d\d):?(\d\d))/.exec(rest);
    return found && [found[0].length, found[1] ? (found[1] === "-" ? -1 : 1) * (+found[2] * 60 + +found[3]) : 0];
  }
  if (Array.isArray(how)) {
    const n = how.findIndex((word) => rest.slice(0, word.length).toLowerCase() === word.toLowerCase());
    return n < 0 ? null : [how[n].length, n + (name === "month" ? 1 : 0)];
  }
  const found = (how === 0 ? /^\d{1,2}/ : new RegExp(`^\\d{${how}}`)).exec(rest);
  return found && [found[0].length, +found[0]];
}

export function b_parse_time(t, pattern) {
  const wrong = () => fail("R0013", `cannot convert ${inspect([expect_text(t)]).slice(1, -1)} to time`);
  const c = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0, zone: 0 };
  let at = 0, from = 0;
  const literal = (text) => (t.startsWith(text, at) ? ((at += text.length), true) : false);
  for (const found of expect_text(pattern).matchAll(PIECE)) {
    if (!literal(pattern.slice(from, found.index))) return wrong();
    from = found.index + found[0].length;
    if (found[0][0] === "[") {
      if (!literal(found[0].slice(1).replace(/\]$/, ""))) return wrong();
      continue;
    }
    const read = read_piece(READ[found[0]], t.slice(at));
    if (!read) return wrong();
    at += read[0];
    c[READ[found[0]][0]] = read[1];
  }
  if (!literal(pattern.slice(from)) || at !== t.length) return wrong();
  if (c.year2 !== undefined) c.year = c.year2 < 70 ? 2000 + c.year2 : 1900 + c.year2;
  if (c.half !== undefined) {
    if (c.hour < 1 || c.hour > 12) return wrong();
    c.hour = (c.hour % 12) + 12 * c.half;
  }
  const inside = c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= days_in_month(c.year, c.month) && c.hour < 24 && c.minute < 60 && c.second < 60;
  return inside ? new Time(utc(c.year, c.month, c.day, c.hour, c.minute, c.second, c.ms) - c.zone * MINUTE) : wrong();
}

