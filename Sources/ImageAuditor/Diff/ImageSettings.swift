package import ContentAddress
package import ImageTransport
import OCI

/// What an image says beside its files: how it is run, for what platform, with which labels and annotations.
package struct ImageSettings: Sendable {
    /// Texts by what they set, `Entrypoint`, `Env PATH`, `Labels a.b`, `annotation c`; those of the
    /// index and of the member that leads to the image are `index annotation c` and `descriptor annotation c`.
    package private(set) var values: [String: String]

    /// The settings of each platform's image, by the manifest's digest.
    package static func of(_ source: any ImageSource) throws(TransportError) -> [Digest: ImageSettings] {
        var settings: [Digest: ImageSettings] = [:]
        let outline = try ImageOutline(of: source)
        let shared = MediaType.isIndex(outline.root.mediaType) ? try outline.root.index().annotations ?? [:] : [:]
        for part in outline.parts {
            let config = try source.document(part.manifest.config).bytes
            var image = ImageSettings(config, annotations: part.manifest.annotations ?? [:])
            // A name in a layout or archive is the container's, not the image's.
            if part.descriptor.digest != outline.root.digest {
                image.add(part.descriptor.annotations ?? [:], of: "descriptor")
            }
            image.add(shared, of: "index")
            settings[part.descriptor.digest] = image
        }
        return settings
    }

    private mutating func add(_ annotations: [String: String], of place: String) {
        for (key, value) in annotations { values["\(place) annotation \(key)"] = value }
    }

    /// The settings of a config and a manifest's annotations; what the config's bytes don't have is left out.
    package init(_ config: [UInt8], annotations: [String: String]) {
        var values: [String: String] = [:]
        for (key, value) in annotations { values["annotation \(key)"] = value }
        if case .object(let members)? = try? JSONValue(parsing: config, keepsNumbers: true) {
            for key in ["architecture", "os", "variant", "os.version", "os.features"] {
                if let value = members[key] { values[key] = Self.text(value) }
            }
            if case .object(let run)? = members["config"] {
                for (key, value) in run { Self.add(key, value, to: &values) }
            }
        }
        self.values = values
    }

    // Variables, labels, ports and volumes one by one, anything else as a whole; what is empty says nothing.
    private static func add(_ key: String, _ value: JSONValue, to values: inout [String: String]) {
        switch value {
        case .null, .string(""), .array([]), .bool(false): break
        case .array(let entries) where key == "Env":
            for entry in entries {
                guard case .string(let text) = entry else { continue }
                let name = text.prefix { $0 != "=" }
                values["Env \(name)"] = String(text.dropFirst(name.count + 1))
            }
        case .object(let members) where key != "Healthcheck":
            for (name, value) in members { values["\(key) \(name)"] = value == .object([:]) ? "yes" : text(value) }
        default: values[key] = text(value)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    }
}
