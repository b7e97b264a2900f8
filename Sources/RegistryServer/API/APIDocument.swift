import ContentAddress

/// The OpenAPI 3.1 document of the API, written from its operations.
enum APIDocument {
    /// The document for some operations, and for what takes a content.
    static func bytes(_ operations: [APIOperation], _ uploads: [APIUpload]) -> [UInt8] {
        var items = Dictionary(operations.map { ("/api/v1" + $0.path, item($0)) }) { first, _ in first }
        for upload in uploads {
            items["/api/v1" + upload.path, default: [:]][upload.method.rawValue] = operation(upload)
        }
        let paths = items.mapValues { JSONValue.object($0) }
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

    private static func item(_ operation: APIOperation) -> [String: JSONValue] {
        var get = self.operation(operation)
        var head = get
        get["operationId"] = .string(operation.name)
        head["operationId"] = .string(operation.name + "Head")
        head["responses"] = .object(responses(operation, hasContent: false))
        return ["get": .object(get), "head": .object(head)]
    }

    private static func operation(_ operation: APIOperation) -> [String: JSONValue] {
        [
            "summary": .string(operation.summary), "parameters": parameters(operation.parameters),
            "responses": .object(responses(operation, hasContent: true)),
        ]
    }

    private static func operation(_ upload: APIUpload) -> JSONValue {
        let problem = content("application/problem+json", reference("Problem"))
        var all: [String: JSONValue] = [:]
        for (status, words) in upload.answers {
            let body = content("application/json", reference(upload.schema))
            all["\(status)"] = ["description": .string(words), "content": body]
        }
        for (status, words) in upload.refusals {
            all["\(status)"] = ["description": .string(words), "content": problem]
        }
        for (status, words) in [
            (400, "A parameter is missing, unknown or invalid, or the content isn't what they say."),
            (429, "The client asked for more than it may have."), (500, "The server failed."),
            (503, "The store is busy, or has no room."),
        ] {
            all["\(status)"] = ["description": .string(words), "content": problem]
        }
        return [
            "operationId": .string(upload.name), "summary": .string(upload.summary),
            "parameters": parameters(upload.parameters),
            "requestBody": [
                "required": .bool(upload.needsContent), "content": content("application/octet-stream", .object([:])),
            ],
            "responses": .object(all),
        ]
    }

    private static func parameters(_ parameters: [APIParameter]) -> JSONValue {
        .array(
            parameters.map { parameter in
                [
                    "name": .string(parameter.name), "in": parameter.isInPath ? "path" : "query",
                    "description": .string(parameter.about), "required": .bool(parameter.isRequired),
                    "schema": parameter.schema,
                ]
            }
        )
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
