import ContentAddress
import OCI

/// A bill of materials as CycloneDX JSON (ECMA-424).
struct CycloneDXDocument {
    private let bill: BillOfMaterials
    private let version: String

    private static let root = "root"

    init(_ bill: BillOfMaterials, version: String) {
        self.bill = bill
        self.version = version
    }

    func write(_ files: some Collection<BillOfMaterials.File>, to stream: DocumentStream) throws {
        try stream.member("$schema", .string("http://cyclonedx.org/schema/bom-\(version).schema.json"))
        try stream.member("bomFormat", "CycloneDX")
        try stream.list("components") {
            for (number, component) in bill.components.enumerated() {
                try stream.element(Self.component(component, Self.reference(number)))
            }
            for (number, file) in files.enumerated() {
                try stream.object { Self.write(file, number, to: &$0) }
            }
        }
        if bill.isComplete {
            try stream.member("compositions", [.object(["aggregate": "complete", "assemblies": [.string(Self.root)]])])
        }
        try stream.list("dependencies") {
            let all = bill.components.indices.map { JSONValue.string(Self.reference($0)) }
            try stream.element(.object(["dependsOn": .array(all), "ref": .string(Self.root)]))
            for (number, component) in bill.components.enumerated() where !component.parts.isEmpty {
                let reference = Self.reference(number)
                let parts = component.parts.indices.map { JSONValue.string(Self.reference($0, in: reference)) }
                try stream.element(.object(["dependsOn": .array(parts), "ref": .string(reference)]))
            }
        }
        try stream.member("metadata", metadata)
        try stream.member("serialNumber", .string("urn:uuid:\(bill.identifier(of: "cyclonedx-\(version)"))"))
        try stream.member("specVersion", .string(version))
        try stream.member("version", 1)
    }

    private var metadata: JSONValue {
        let subject = bill.subject
        var root: [String: JSONValue] = [
            "bom-ref": .string(Self.root), "name": .string(subject.name),
            "type": subject.kind == .image ? "container" : "application",
            "hashes": [Self.hash("SHA-256", subject.digest.hex)],
            "version": .string(subject.version ?? subject.digest.description),
        ]
        root["purl"] = subject.purl.map { .string($0.description) }
        let properties =
            (subject.platform.map { [Self.property("platform", $0)] } ?? [])
            + subject.unread.map { Self.property("notRead", $0) }
        if !properties.isEmpty { root["properties"] = .array(properties) }
        return .object([
            "component": .object(root),
            "timestamp": .string(Timestamp(milliseconds: bill.created * 1000).rfc3339),
            "tools": .object([
                "components": [
                    .object(["name": "bindery", "type": "application", "version": .string(bill.toolVersion)])
                ]
            ]),
        ])
    }

    private static func component(_ component: BillOfMaterials.Component, _ reference: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "bom-ref": .string(reference), "name": .string(component.name), "type": .string(component.kind.rawValue),
        ]
        members["version"] = component.version.map { .string($0) }
        members["purl"] = component.purl.map { .string($0.description) }
        members["hashes"] = component.digest.map { [hash("SHA-256", $0.hex)] }
        if !component.paths.isEmpty {
            let places = component.paths.map { JSONValue.object(["location": .string($0)]) }
            members["evidence"] = .object(["occurrences": .array(places)])
        }
        if !component.properties.isEmpty {
            members["properties"] = .array(component.properties.sorted { $0.key < $1.key }.map { property($0, $1) })
        }
        if !component.parts.isEmpty {
            members["components"] = .array(
                component.parts.enumerated().map { self.component($1, Self.reference($0, in: reference)) }
            )
        }
        return .object(members)
    }

    private static func write(_ file: BillOfMaterials.File, _ number: Int, to text: inout JSONText) {
        text.member("bom-ref", "file-\(number + 1)")
        text.name("hashes")
        text.array { text in
            func add(_ algorithm: String, _ digits: String) {
                text.object { text in
                    text.member("alg", algorithm)
                    text.member("content", digits)
                }
            }
            if let sha1 = file.sha1 { add("SHA-1", Hexadecimal.encode(sha1)) }
            add("SHA-256", file.digest.hex)
        }
        text.member("name", file.path)
        text.name("properties")
        text.array { text in
            func add(_ name: String, _ value: String) {
                text.object { text in
                    text.member("name", propertyName(name))
                    text.member("value", value)
                }
            }
            if let layer = file.layer { add("layer", "\(layer)") }
            add("mode", file.mode)
        }
        text.member("type", "file")
    }

    private static func reference(_ number: Int) -> String { "component-\(number + 1)" }

    private static func reference(_ number: Int, in parent: String) -> String { "\(parent)/\(number + 1)" }

    private static func hash(_ algorithm: String, _ digits: String) -> JSONValue {
        .object(["alg": .string(algorithm), "content": .string(digits)])
    }

    private static func property(_ name: String, _ value: String) -> JSONValue {
        .object(["name": .string(propertyName(name)), "value": .string(value)])
    }

    private static func propertyName(_ name: String) -> String { "bindery:\(name)" }
}
