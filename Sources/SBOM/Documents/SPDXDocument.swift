import ContentAddress
import OCI

/// A bill of materials as SPDX 2.3 JSON (ISO/IEC 5962).
struct SPDXDocument {
    private let bill: BillOfMaterials

    private static let document = "SPDXRef-DOCUMENT"
    private static let root = "SPDXRef-Root"

    init(_ bill: BillOfMaterials) {
        self.bill = bill
    }

    func write(_ files: some Collection<BillOfMaterials.File>, to stream: DocumentStream) throws {
        let created = Timestamp(milliseconds: bill.created * 1000).rfc3339
        try stream.member("SPDXID", .string(Self.document))
        try stream.member(
            "creationInfo",
            .object(["created": .string(created), "creators": [.string("Tool: bindery-\(bill.toolVersion)")]])
        )
        try stream.member("dataLicense", "CC0-1.0")
        try stream.member("documentNamespace", .string("https://bindery.dev/spdx/\(bill.identifier(of: "spdx-2.3"))"))
        var sums: [String] = []
        var components: [Int?] = []
        if !files.isEmpty {
            try stream.list("files") {
                for (number, file) in files.enumerated() {
                    let sha1 = Hexadecimal.encode(file.sha1 ?? [])
                    sums.append(sha1)
                    components.append(file.component)
                    try stream.object { Self.write(file, number, sha1, to: &$0) }
                }
            }
        }
        try stream.member("name", .string(bill.subject.name))
        try stream.list("packages") {
            try stream.element(root(Self.verificationCode(sums)))
            for (number, component) in bill.components.enumerated() {
                try packages(component, Self.package(number), to: stream)
            }
        }
        try stream.list("relationships") {
            try Self.relate(Self.document, "DESCRIBES", Self.root, to: stream)
            for (number, component) in bill.components.enumerated() {
                try Self.relate(Self.root, "CONTAINS", Self.package(number), to: stream)
                try contents(of: component, Self.package(number), to: stream)
            }
            for (number, component) in components.enumerated() {
                try Self.relate(Self.root, "CONTAINS", Self.file(number), to: stream)
                guard let component else { continue }
                try Self.relate(Self.file(number), "COPY_OF", Self.package(component), to: stream)
            }
        }
        try stream.member("spdxVersion", "SPDX-2.3")
    }

    private func root(_ verificationCode: String?) -> JSONValue {
        let subject = bill.subject
        var members = Self.package(
            Self.root,
            name: subject.name,
            version: subject.version ?? subject.digest.description,
            digest: subject.digest,
            purl: subject.purl
        )
        members["primaryPackagePurpose"] = subject.kind == .image ? "CONTAINER" : "APPLICATION"
        if subject.kind == .image, let verificationCode {
            members["filesAnalyzed"] = true
            members["packageVerificationCode"] = .object(["packageVerificationCodeValue": .string(verificationCode)])
        }
        var remarks = subject.platform.map { ["platform: \($0)"] } ?? []
        remarks += subject.unread.map { "not read: \($0)" }
        if bill.isComplete { remarks.append("the list is complete") }
        let comment = remarks.joined(separator: "; ")
        if !comment.isEmpty { members["comment"] = .string(comment) }
        return .object(members)
    }

    private func packages(
        _ component: BillOfMaterials.Component,
        _ identifier: String,
        to stream: DocumentStream
    ) throws {
        var members = Self.package(
            identifier,
            name: component.name,
            version: component.version,
            digest: component.digest,
            purl: component.purl
        )
        members["primaryPackagePurpose"] = .string(component.kind.rawValue.uppercased())
        if !component.properties.isEmpty {
            let words = component.properties.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
            members["comment"] = .string(words.joined(separator: "; "))
        }
        try stream.element(.object(members))
        for (number, part) in component.parts.enumerated() {
            try packages(part, "\(identifier)-\(number + 1)", to: stream)
        }
    }

    private func contents(
        of component: BillOfMaterials.Component,
        _ identifier: String,
        to stream: DocumentStream
    ) throws {
        for (number, part) in component.parts.enumerated() {
            try Self.relate(identifier, "CONTAINS", "\(identifier)-\(number + 1)", to: stream)
            try contents(of: part, "\(identifier)-\(number + 1)", to: stream)
        }
    }

    private static func package(
        _ identifier: String,
        name: String,
        version: String?,
        digest: Digest?,
        purl: PackageURL?
    ) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "SPDXID": .string(identifier), "downloadLocation": "NOASSERTION", "filesAnalyzed": false,
            "name": .string(name),
        ]
        members["versionInfo"] = version.map { .string($0) }
        members["checksums"] = digest.map { [checksum("SHA256", $0.hex)] }
        members["externalRefs"] = purl.map {
            [
                .object([
                    "referenceCategory": "PACKAGE-MANAGER", "referenceLocator": .string($0.description),
                    "referenceType": "purl",
                ])
            ]
        }
        return members
    }

    private static func write(
        _ file: BillOfMaterials.File,
        _ number: Int,
        _ sha1: String,
        to text: inout JSONText
    ) {
        text.member("SPDXID", Self.file(number))
        text.name("checksums")
        text.array { text in
            for (algorithm, digits) in [("SHA1", sha1), ("SHA256", file.digest.hex)] {
                text.object { text in
                    text.member("algorithm", algorithm)
                    text.member("checksumValue", digits)
                }
            }
        }
        if let layer = file.layer { text.member("comment", "layerID: \(layer)") }
        // A relative path, as the specification asks; one in digits has no slash.
        text.member("fileName", file.path.hasPrefix("/") ? "." + file.path : file.path)
    }

    // SPDX 2.3, 7.9: SHA-1 over the sorted SHA-1s of all files.
    private static func verificationCode(_ sums: [String]) -> String? {
        guard var hasher = LegacyHasher(.sha1) else { return nil }
        for sum in sums.sorted() { hasher.update(Array(sum.utf8)) }
        return Hexadecimal.encode(hasher.finalize())
    }

    private static func package(_ number: Int) -> String { "SPDXRef-Package-\(number + 1)" }

    private static func file(_ number: Int) -> String { "SPDXRef-File-\(number + 1)" }

    private static func checksum(_ algorithm: String, _ digits: String) -> JSONValue {
        .object(["algorithm": .string(algorithm), "checksumValue": .string(digits)])
    }

    private static func relate(
        _ from: String,
        _ kind: String,
        _ other: String,
        to stream: DocumentStream
    ) throws {
        try stream.object { text in
            text.member("relatedSpdxElement", other)
            text.member("relationshipType", kind)
            text.member("spdxElementId", from)
        }
    }
}
