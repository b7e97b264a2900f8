import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// Indexes that readers take in different ways, or whose members not every engine finds.
@Suite struct TamperedIndexTests {
    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: Trick.Outcome
        let edit: @Sendable (String) -> String

        init(_ name: String, _ outcome: Trick.Outcome, _ edit: @escaping @Sendable (String) -> String) {
            testDescription = name
            self.outcome = outcome
            self.edit = edit
        }

        /// Puts a text in the place of another.
        init(_ name: String, _ outcome: Trick.Outcome, _ old: String, _ new: String) {
            self.init(name, outcome) { $0.replacingOccurrences(of: old, with: new) }
        }

        /// Puts members behind those that the index has.
        init(_ name: String, _ outcome: Trick.Outcome, last members: String) {
            self.init(name, outcome) { $0.dropLast() + "," + members + "}" }
        }

        /// Puts a member behind the manifests that the index has.
        init(_ name: String, _ outcome: Trick.Outcome, member: String) {
            self.init(name, outcome, #"}],"mediaType""#, "}," + member + #"],"mediaType""#)
        }
    }

    private static let absent = #""digest":"sha256:\#(String(repeating: "0", count: 64))","size":7"#
    private static let manifestType = "application/vnd.oci.image.manifest.v1+json"

    static let readings: [Edit] = [
        Edit("as it was written", .exact) { $0 },
        Edit("other manifests behind", .ambiguous, last: #""manifests":[]"#),
        Edit("other manifests in capitals", .ambiguous, last: #""Manifests":[]"#),
        Edit("other manifests with a long s", .ambiguous, last: "\"manifest\u{17F}\":[]"),
        Edit("a config beside its manifests", .ambiguous, last: #""config":{}"#),
        Edit("layers beside its manifests", .ambiguous, last: #""layers":[]"#),
        Edit("layers of schema 1 beside its manifests", .ambiguous, last: #""fsLayers":[]"#),
        Edit("another media type inside", .ambiguous, "image.index.v1", "image.manifest.v1"),
        Edit("a platform twice", .ambiguous, #""platform":"#, #""platform":{"os":"linux"},"platform":"#),
        Edit("a platform in capitals", .ambiguous, #""platform":"#, #""Platform":{"os":"linux"},"platform":"#),
        Edit("a processor twice", .ambiguous, #""architecture":"#, #""architecture":"s390x","architecture":"#),
        Edit("a processor in capitals", .ambiguous, #""architecture":"#, #""Architecture":"s390x","architecture":"#),
        Edit("a digest twice", .ambiguous, #"{"digest":"#, "{" + absent.prefix(82) + #","digest":"#),
        Edit("bytes in a descriptor that aren't the blob's", .ambiguous, #"{"digest":"#, #"{"data":"e30=","digest":"#),
    ]

    static let members: [Edit] = [
        Edit("a member that isn't there", .incomplete, member: #"{"mediaType":"\#(manifestType)",\#(absent)}"#),
        Edit(
            "a member of an artifact's type for a platform, which isn't there",
            .incomplete,
            member: #"{"mediaType":"text/plain","platform":{"os":"linux","architecture":"s390x"},\#(absent)}"#
        ),
        Edit(
            "a member of schema 1",
            .incomplete,
            member: #"{"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws",\#(absent)}"#
        ),
        Edit("a member by another algorithm's digest", .incomplete) {
            $0.replacingOccurrences(
                of: #"}],"mediaType""#,
                with:
                    #"},{"mediaType":"\#(manifestType)","size":7,"digest":"sha512:\#(String(repeating: "0", count: 128))"}],"mediaType""#
            )
        },
        Edit("a member's size one too many", .damaged, #""size":"#, #""size":1"#),
        Edit("a negative size", .damaged, #""size":"#, #""size":-"#),
        Edit("a member without a digest", .damaged, member: #"{"mediaType":"\#(manifestType)","size":7}"#),
        Edit("a version of 1", .damaged, #""schemaVersion":2"#, #""schemaVersion":1"#),
        Edit("bytes behind it", .damaged) { $0 + "{}" },
        Edit("a byte order mark", .damaged) { "\u{FEFF}" + $0 },
        Edit("manifests that are an object", .damaged) {
            $0.replacingOccurrences(of: #""manifests":["#, with: #""manifests":{"a":["#)
                .replacingOccurrences(of: #"}],"mediaType""#, with: #"}]},"mediaType""#)
        },
    ]

    @Test(arguments: readings + members) func isNeverSure(_ edit: Edit) throws {
        try AuditFixture.with { fixture in
            let layout = fixture.directory + "/layout"
            let images = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]
            try TestImage.write(images, layout: layout, editIndex: edit.edit)
            let source = try LayoutSource(directory: layout, tag: nil)
            guard edit.outcome != .damaged else {
                #expect(throws: (any Error).self) {
                    guard try Auditor(store: fixture.store).audit(source).verdict != nil else { throw Damage() }
                }
                return
            }
            let audit = try Auditor(store: fixture.store).audit(source)
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect(audit.verdict == edit.outcome.verdict, "\(found)")
        }
    }

    private struct Damage: Error {}
}
