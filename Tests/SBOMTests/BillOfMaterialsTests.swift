import ContentAddress
import JSON
import Testing

@testable import SBOM

@Suite struct BillOfMaterialsTests {
    @Test func uuidsAreThoseOfTheStandard() {
        // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'https://www.example.com/')
        #expect(NameBasedUUID.text(of: "https://www.example.com/") == "3d3ed9d2-aa3d-5fa6-90e8-ed662e90f559")
    }

    @Test(arguments: BillFormat.allCases)
    func documentsAreCanonicalAndDependOnContentAlone(_ format: BillFormat) throws {
        let text = try Self.written(format, Self.bill())
        #expect(text == (try Self.written(format, Self.bill())))
        let value = try JSONValue(parsing: Array(text))
        #expect(CanonicalJSON.encode(value) + [UInt8(ascii: "\n")] == text)
        for other in [Self.bill(created: 2), Self.bill(version: "1.2.4"), Self.bill(isComplete: true)] {
            let document = try JSONValue(parsing: Self.written(format, other))
            #expect(Self.identity(document) != Self.identity(value))
        }
    }

    @Test(arguments: BillFormat.allCases)
    func controlsAreEscaped(_ format: BillFormat) throws {
        let text = try Self.written(format, Self.bill(path: "/\u{9B}31m\u{202E}x"))
        #expect(!text.contains(0x9B))
        #expect(String(decoding: text, as: UTF8.self).contains(#"\u202e"#))
        #expect(throws: Never.self) { try JSONValue(parsing: text) }
    }

    @Test func completenessIsClaimedOnlyWhereItHolds() throws {
        let open = String(decoding: try Self.written(.cyclonedx, Self.bill()), as: UTF8.self)
        let closed = String(decoding: try Self.written(.cyclonedx, Self.bill(isComplete: true)), as: UTF8.self)
        #expect(!open.contains("compositions"))
        #expect(closed.contains(#""compositions":[{"aggregate":"complete","assemblies":["root"]}]"#))
    }

    @Test func partsAreBelowTheirProgram() throws {
        let text = String(decoding: try Self.written(.spdx, Self.bill()), as: UTF8.self)
        #expect(
            text.contains(
                #"{"relatedSpdxElement":"SPDXRef-Package-1-1","relationshipType":"CONTAINS","spdxElementId":"SPDXRef-Package-1"}"#
            )
        )
        #expect(
            text.contains(
                #"{"relatedSpdxElement":"SPDXRef-Package-1","relationshipType":"COPY_OF","spdxElementId":"SPDXRef-File-1"}"#
            )
        )
    }

    @Test func longListsAreWrittenInPieces() throws {
        var (largest, count) = (0, 0)
        let files = (0..<20_000).lazy.map { Self.file("/\($0)") }
        try BillFormat.cyclonedx.write(Self.bill(), files: files) { bytes in
            largest = max(largest, bytes.count)
            count += bytes.count
        }
        #expect(count > 4 << 20)
        #expect(largest < 128 << 10)
    }

    private static func identity(_ document: JSONValue) -> JSONValue? {
        guard case .object(let members) = document else { return nil }
        if case .array(let graph)? = members["@graph"], case .object(let agent)? = graph.dropFirst().first {
            return agent["spdxId"]
        }
        return members["serialNumber"] ?? members["documentNamespace"]
    }

    private static func written(
        _ format: BillFormat,
        _ made: (bill: BillOfMaterials, files: [BillOfMaterials.File])
    ) throws -> [UInt8] {
        var text: [UInt8] = []
        try format.write(made.bill, files: made.files) { text += $0 }
        return text
    }

    private static func written(_ format: BillFormat, _ bill: BillOfMaterials) throws -> [UInt8] {
        try written(format, (bill, [file(bill.components[0].paths[0])]))
    }

    private static func file(_ path: String) -> BillOfMaterials.File {
        BillOfMaterials.File(
            path: path,
            digest: digest("file"),
            sha1: [UInt8](repeating: 7, count: 20),
            mode: "0755",
            layer: digest("layer"),
            component: 0
        )
    }

    private static func bill(
        created: Int64 = 1,
        version: String = "1.2.3",
        isComplete: Bool = false,
        path: String = "/agent"
    ) -> BillOfMaterials {
        var program = BillOfMaterials.Component(kind: .application, name: "agent", version: version)
        program.paths = [path]
        program.digest = digest("file")
        program.parts = [BillOfMaterials.Component(kind: .library, name: "golang.org/x/net", version: "v0.1.0")]
        return BillOfMaterials(
            toolVersion: "1",
            created: created,
            subject: BillOfMaterials.Subject(kind: .image, name: "team/agent", digest: digest("manifest")),
            components: [program],
            isComplete: isComplete
        )
    }

    private static func digest(_ text: String) -> Digest {
        var hasher = DigestHasher()
        hasher.update(Array(text.utf8))
        return hasher.finalize()
    }
}
