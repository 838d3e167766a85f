// The control API of the workspace (workspace/README.md): one function a kind of request. It knows addresses and
// errors, nothing of the page.

/** What the workspace refused, with its code; `code` is "unreachable" when nobody answered. */
export class ApiError extends Error {
  constructor(code, detail) {
    super(detail ?? code);
    this.code = code;
  }
}

/** @returns {Promise<any>} the answer's object; throws ApiError */
async function request(method, path, body) {
  let response;
  try {
    response = await fetch(`/control/${path}`, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new ApiError("unreachable");
  }
  const answer = await response.json().catch(() => ({ ok: false, error: `http_${response.status}` }));
  if (!answer.ok) throw new ApiError(answer.error, answer.detail);
  return answer;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

export const people = () => request("GET", "people");
/** The guided tour of the people folder; `tour` is null without one. */
export const tour = () => request("GET", "tour");
export const traffic = (filter) => request("GET", `traffic${query(filter)}`);
export const emptyTraffic = () => request("POST", "traffic/reset", {});

/** Everything one person can read and do. @param {string} who */
export function person(who) {
  const base = `people/${encodeURIComponent(who)}`;
  return {
    read: (what, parameters = {}) => request("GET", `${base}/${what}${query(parameters)}`),
    act: (verb, body = {}) => request("POST", `${base}/${verb}`, body),
    streamPath: `/control/${base}/stream`,
  };
}

/** The content of a file as base64, the way `upload` and `upload_file` want it. @param {Blob} file */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
