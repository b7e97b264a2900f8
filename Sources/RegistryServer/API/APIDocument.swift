import ContentAddress

/// The OpenAPI 3.1 document of the API, written from its operations.
enum APIDocument {
    /// The document for some operations.
    static func bytes(_ operations: [APIOperation]) -> [UInt8] {
        let paths = Dictionary(operations.map { ("/api/v1" + $0.path, item($0)) }) { first, _ in first }
        return CanonicalJSON.encode(
            .object([
                "openapi": "3.1.0",
                "info": [
                    "title": "Bindery", "version": "1",
                    "summary": "Released binaries, and the images that hold them.",
                    "description": """
                    Reads a store. Lists are cut into pages: `next` leads to the next one. An answer that depends on the \
                    history of the store alone has the root of its log as entity tag. Errors are those of RFC 9457.
                    """,
                    "license": ["name": "MIT", "identifier": "MIT"],
                ],
                "paths": .object(paths),
                "components": ["schemas": .object(APISchemas.all)],
            ])
        )
    }

    private static func item(_ operation: APIOperation) -> JSONValue {
        var get = self.operation(operation)
        var head = get
        get["operationId"] = .string(operation.name)
        head["operationId"] = .string(operation.name + "Head")
        head["responses"] = .object(responses(operation, hasContent: false))
        return ["get": .object(get), "head": .object(head)]
    }

    private static func operation(_ operation: APIOperation) -> [String: JSONValue] {
        [
            "summary": .string(operation.summary),
            "parameters": .array(
                operation.parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "in": parameter.isInPath ? "path" : "query",
                        "description": .string(parameter.about), "required": .bool(parameter.isRequired),
                        "schema": parameter.schema,
                    ]
                }
            ),
            "responses": .object(responses(operation, hasContent: true)),
        ]
    }

    private static func responses(_ operation: APIOperation, hasContent: Bool) -> [String: JSONValue] {
        let problem: JSONValue =
            hasContent ? content("application/problem+json", reference("Problem")) : .object([:])
        var all: [String: JSONValue] = [:]
        func add(_ status: Int, _ description: String, _ content: JSONValue) {
            var members: [String: JSONValue] = ["description": .string(description)]
            if case .object(let types) = content, !types.isEmpty { members["content"] = content }
            all["\(status)"] = .object(members)
        }
        switch operation.content {
        case .json(let schema):
            add(200, "What was asked for.", hasContent ? content("application/json", reference(schema)) : .object([:]))
        case .events:
            let text: JSONValue = ["type": "string"]
            add(
                200,
                "Entries as they come.",
                hasContent ? .object(["text/event-stream": ["schema": text]]) : .object([:])
            )
        case .bytes:
            let bytes: JSONValue = hasContent ? content("application/octet-stream", .object([:])) : .object([:])
            add(200, "The bytes.", bytes)
            add(206, "The range that was asked for.", bytes)
            add(416, "The bytes have no such range.", .object([:]))
        }
        if case .events = operation.content {
        } else {
            add(304, "It is what the client has.", .object([:]))
            add(412, "It isn't what the client requires.", .object([:]))
        }
        add(400, "A parameter is missing, unknown or invalid.", problem)
        add(404, "There is no such thing.", problem)
        add(429, "The client asked for more than it may have; Retry-After says when to ask again.", problem)
        add(500, "The server failed; its log says at what.", problem)
        add(503, "The store is busy.", problem)
        return all
    }

    private static func content(_ type: String, _ schema: JSONValue) -> JSONValue {
        .object([type: ["schema": schema]])
    }

    private static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/" + schema)]
    }
}
