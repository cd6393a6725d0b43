package org.keras4j.callbacks;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the metrics of each epoch to a server, as JSON in a field of a form or, with {@link #sendAsJson}, as it is. A
 * server that does not answer is a warning and no error.
 */
public final class RemoteMonitor extends Callback {
    private static final System.Logger LOGGER = System.getLogger(RemoteMonitor.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String root;
    private String path = "/publish/epoch/end/";
    private String field = "data";
    private Map<String, String> headers = Map.of();
    private boolean sendAsJson = false;

    public RemoteMonitor() {
        this("http://localhost:9000");
    }

    /** Sends to the server at {@code root}, such as {@code "http://localhost:9000"}. */
    public RemoteMonitor(String root) {
        this.root = root;
    }

    /** Sets the path on the server. */
    public RemoteMonitor path(String path) {
        this.path = path;
        return this;
    }

    /** Sets the field of the form that holds the JSON. */
    public RemoteMonitor field(String field) {
        this.field = field;
        return this;
    }

    /** Sets headers of the requests. */
    public RemoteMonitor headers(Map<String, String> headers) {
        this.headers = Map.copyOf(headers);
        return this;
    }

    /** Says whether the body of the request is the JSON itself. */
    public RemoteMonitor sendAsJson(boolean sendAsJson) {
        this.sendAsJson = sendAsJson;
        return this;
    }

    @Override
    public void onEpochEnd(int epoch, Map<String, Double> logs) {
        Map<String, Object> send = new LinkedHashMap<>();
        send.put("epoch", epoch);
        send.putAll(logs);
        String json = new JsonMapper().writeValueAsString(send);
        String body = sendAsJson ? json : encode(field) + "=" + encode(json);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(PATIENCE)
                .header("Content-Type", sendAsJson ? "application/json" : "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            client.send(request.build(), HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "RemoteMonitor: could not reach {0}: {1}", root, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
