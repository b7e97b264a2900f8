import ContentAddress
import Dockerfile
import OCI

// The documents' JSON, put together by hand rather than by an encoder: a build makes five of them and has four
// milliseconds. Members that aren't set stay out.

extension Descriptor {
    var json: JSONValue {
        .members([
            "mediaType": .string(mediaType),
            "digest": .string(digest.description),
            "size": .int(size),
            "platform": platform?.json,
            "annotations": annotations.map(JSONValue.texts),
            "artifactType": artifactType.map { .string($0) },
        ])
    }
}

extension Platform {
    var json: JSONValue {
        .members([
            "os": .string(os), "architecture": .string(architecture), "variant": variant.map { .string($0) },
        ])
    }
}

extension ImageManifest {
    var json: JSONValue {
        .members([
            "schemaVersion": .int(Int64(schemaVersion)),
            "mediaType": mediaType.map { .string($0) },
            "config": config.json,
            "layers": .array(layers.map(\.json)),
            "annotations": annotations.map(JSONValue.texts),
        ])
    }
}

extension ImageIndex {
    var json: JSONValue {
        .members([
            "schemaVersion": .int(Int64(schemaVersion)),
            "mediaType": mediaType.map { .string($0) },
            "manifests": .array(manifests.map(\.json)),
            "annotations": annotations.map(JSONValue.texts),
        ])
    }
}

extension ImageConfig {
    var json: JSONValue {
        .members([
            "created": created.map { .string($0) },
            "author": author.map { .string($0) },
            "architecture": .string(architecture),
            "os": .string(os),
            "variant": variant.map { .string($0) },
            "config": config?.json,
            "rootfs": .object([
                "type": .string(rootfs.type), "diff_ids": .array(rootfs.diffIDs.map { .string($0.description) }),
            ]),
            "history": history.map { .array($0.map(\.json)) },
        ])
    }
}

extension ImageConfig.History {
    var json: JSONValue {
        .members([
            "created": created.map { .string($0) },
            "created_by": createdBy.map { .string($0) },
            "author": author.map { .string($0) },
            "comment": comment.map { .string($0) },
            "empty_layer": emptyLayer.map { .bool($0) },
        ])
    }
}

extension ImageConfig.Execution {
    var json: JSONValue {
        .members([
            "User": user.map { .string($0) },
            "ExposedPorts": exposedPorts.map(JSONValue.set),
            "Env": env.map(JSONValue.list),
            "Entrypoint": entrypoint.map(JSONValue.list),
            "Cmd": cmd.map(JSONValue.list),
            "Volumes": volumes.map(JSONValue.set),
            "WorkingDir": workingDir.map { .string($0) },
            "Labels": labels.map(JSONValue.texts),
            "StopSignal": stopSignal.map { .string($0) },
            "ArgsEscaped": argsEscaped.map { .bool($0) },
            "Healthcheck": healthcheck?.json,
            "Shell": shell.map(JSONValue.list),
            "OnBuild": onBuild.map(JSONValue.list),
        ])
    }
}

extension ImageConfig.Healthcheck {
    var json: JSONValue {
        .members([
            "Test": test.map(JSONValue.list),
            "Interval": interval.map { .int($0) },
            "Timeout": timeout.map { .int($0) },
            "StartPeriod": startPeriod.map { .int($0) },
            "StartInterval": startInterval.map { .int($0) },
            "Retries": retries.map { .int(Int64($0)) },
        ])
    }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func members(_ members: [String: JSONValue?]) -> JSONValue { .object(members.compactMapValues(\.self)) }

    static func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    static func texts(_ texts: [String: String]) -> JSONValue { .object(texts.mapValues { .string($0) }) }

    static func set(_ names: [String: ImageConfig.Empty]) -> JSONValue {
        .object(names.mapValues { _ in .object([:]) })
    }
}
