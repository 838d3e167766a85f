// What can stand in an element: from Slack's shapes (`selected_…` in a state, `initial_…` in an element) to the plain
// values of the control API.

const values = (options) => (options ?? []).map(({ value }) => value);
const orNull = (one) => one ?? null;
const orNone = (many) => many ?? [];

/** element type -> [the name after `selected_` and `initial_`, how to read it] */
const SHAPES = {
  static_select: ["option", (option) => option?.value ?? null],
  external_select: ["option", orNull],
  radio_buttons: ["option", (option) => option?.value ?? null],
  checkboxes: ["options", values],
  multi_static_select: ["options", values],
  multi_external_select: ["options", orNone],
  users_select: ["user", orNull],
  multi_users_select: ["users", orNone],
  conversations_select: ["conversation", orNull],
  multi_conversations_select: ["conversations", orNone],
  channels_select: ["channel", orNull],
  multi_channels_select: ["channels", orNone],
  datepicker: ["date", orNull],
  timepicker: ["time", orNull],
  datetimepicker: ["date_time", orNull],
};

/** What the app put there from the beginning. */
export const initialValue = (element) => read(element, "initial", element.initial_value);

/** @param {Record<string, Record<string, object>>} state Slack's `state.values` */
export function fromState(state) {
  return mapValues(state ?? {}, (actions) => mapValues(actions, stateValue));
}

function stateValue(entry) {
  if (entry.type === "file_input") return (entry.files ?? []).map(({ id }) => id);
  return read(entry, "selected", entry.value);
}

function read(object, prefix, otherwise) {
  const [name, value] = SHAPES[object.type] ?? [];
  return name ? value(object[`${prefix}_${name}`]) : orNull(otherwise);
}

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
