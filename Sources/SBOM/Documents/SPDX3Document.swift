import ContentAddress
import OCI

/// A bill of materials as SPDX 3.0.1 JSON-LD (spdx.github.io/spdx-spec/v3.0.1, core and software profiles).
struct SPDX3Document {
    private let bill: BillOfMaterials
    private let namespace: String

    private static let creation = "_:creation"
    private static let profiles: JSONValue = ["core", "software"]

    init(_ bill: BillOfMaterials) {
        self.bill = bill
        namespace = "https://bindery.dev/spdx/\(bill.identifier(of: "spdx-3.0.1"))#"
    }

    func write(_ files: some Collection<BillOfMaterials.File>, to stream: DocumentStream) throws {
        try stream.member("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld")
        try stream.list("@graph") {
            try writeHead(to: stream)
            try stream.element(root)
            for (number, component) in bill.components.enumerated() {
                try write(component, package(number), to: stream)
            }
            var copies: [Int: [String]] = [:]
            for (number, file) in files.enumerated() {
                try stream.object { write(file, number, to: &$0) }
                if let component = file.component { copies[component, default: []].append(self.file(number)) }
            }
            let components = bill.components.indices.map { package($0) }
            if !components.isEmpty { try relate(root: "components", to: components, stream) }
            if !files.isEmpty { try relate(root: "files", to: (0..<files.count).map { file($0) }, stream) }
            for (component, files) in copies.sorted(by: { $0.key < $1.key }) {
                try stream.element(relationship("\(package(component))-copies", package(component), "copiedTo", files))
            }
        }
    }

    private func writeHead(to stream: DocumentStream) throws {
        let agent = namespace + "Agent"
        try stream.element(
            .object([
                "@id": .string(Self.creation),
                "created": .string(Timestamp(milliseconds: bill.created * 1000).rfc3339),
                "createdBy": .array([.string(agent)]), "specVersion": "3.0.1", "type": "CreationInfo",
            ])
        )
        try stream.element(element("SoftwareAgent", agent, ["name": .string("bindery-\(bill.toolVersion)")]))
        try stream.element(
            element(
                "SpdxDocument",
                namespace + "Document",
                [
                    "name": .string(bill.subject.name), "profileConformance": Self.profiles,
                    "rootElement": .array([.string(namespace + "Bill")]),
                ]
            )
        )
        try stream.element(
            element(
                "software_Sbom",
                namespace + "Bill",
                ["profileConformance": Self.profiles, "rootElement": .array([.string(namespace + "Root")])]
            )
        )
    }

    private var root: JSONValue {
        let subject = bill.subject
        var members = Self.package(
            name: subject.name,
            version: subject.version ?? subject.digest.description,
            digest: subject.digest,
            purl: subject.purl
        )
        members["software_primaryPurpose"] = subject.kind == .image ? "container" : "application"
        var remarks = subject.platform.map { ["platform: \($0)"] } ?? []
        remarks += subject.unread.map { "not read: \($0)" }
        if !remarks.isEmpty { members["comment"] = .string(remarks.joined(separator: "; ")) }
        return element("software_Package", namespace + "Root", members)
    }

    private func write(
        _ component: BillOfMaterials.Component,
        _ identifier: String,
        to stream: DocumentStream
    ) throws {
        var members = Self.package(
            name: component.name,
            version: component.version,
            digest: component.digest,
            purl: component.purl
        )
        members["software_primaryPurpose"] = .string(component.kind.rawValue)
        if !component.properties.isEmpty {
            let words = component.properties.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
            members["comment"] = .string(words.joined(separator: "; "))
        }
        try stream.element(element("software_Package", identifier, members))
        guard !component.parts.isEmpty else { return }
        let parts = component.parts.indices.map { "\(identifier)-\($0 + 1)" }
        for (part, name) in zip(component.parts, parts) { try write(part, name, to: stream) }
        try stream.element(relationship("\(identifier)-parts", identifier, "contains", parts))
    }

    private func relate(root name: String, to elements: [String], _ stream: DocumentStream) throws {
        let more: [String: JSONValue] = bill.isComplete ? ["completeness": "complete"] : [:]
        try stream.element(relationship(namespace + name, namespace + "Root", "contains", elements, more))
    }

    private func write(_ file: BillOfMaterials.File, _ number: Int, to text: inout JSONText) {
        if let layer = file.layer { text.member("comment", "layerID: \(layer)") }
        text.member("creationInfo", Self.creation)
        text.member("name", file.path)
        text.member("software_fileKind", "file")
        text.member("spdxId", self.file(number))
        text.member("type", "software_File")
        text.name("verifiedUsing")
        text.array { text in
            text.object { text in
                text.member("algorithm", "sha256")
                text.member("hashValue", file.digest.hex)
                text.member("type", "Hash")
            }
        }
    }

    private func element(_ type: String, _ identifier: String, _ members: [String: JSONValue]) -> JSONValue {
        var members = members
        members["type"] = .string(type)
        members["spdxId"] = .string(identifier)
        members["creationInfo"] = .string(Self.creation)
        return .object(members)
    }

    private func relationship(
        _ identifier: String,
        _ from: String,
        _ kind: String,
        _ to: [String],
        _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        let members: [String: JSONValue] = [
            "from": .string(from), "relationshipType": .string(kind), "to": .array(to.map { .string($0) }),
        ]
        return element("Relationship", identifier, members.merging(more) { own, _ in own })
    }

    private static func package(
        name: String,
        version: String?,
        digest: Digest?,
        purl: PackageURL?
    ) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["name": .string(name)]
        members["software_packageVersion"] = version.map { .string($0) }
        members["software_packageUrl"] = purl.map { .string($0.description) }
        members["verifiedUsing"] = digest.map { [hash($0)] }
        return members
    }

    private static func hash(_ digest: Digest) -> JSONValue {
        .object(["algorithm": "sha256", "hashValue": .string(digest.hex), "type": "Hash"])
    }

    private func package(_ number: Int) -> String { "\(namespace)Package-\(number + 1)" }

    private func file(_ number: Int) -> String { "\(namespace)File-\(number + 1)" }
}
