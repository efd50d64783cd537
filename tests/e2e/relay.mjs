// A server in the middle, which keeps everything that passes.

/**
 * A handler that passes requests on to the server at the URL that `target` returns, and keeps them in `kept`. `broken` may
 * answer one instead, and returns true then.
 */
export function relay(target, kept = [], broken = () => false) {
  return async (request, response) => {
    const { method, url, headers } = request;
    let body = "";
    request.setEncoding("utf8");
    for await (const chunk of request) body += chunk;
    kept.push({ method, url, headers, body });
    if (broken(response)) return;
    const answer = await fetch(`${target()}${url}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "POST" && { body }),
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
    try {
      for await (const chunk of answer.body) response.write(chunk);
      response.end();
    } catch {
      response.destroy();
    }
  };
}
