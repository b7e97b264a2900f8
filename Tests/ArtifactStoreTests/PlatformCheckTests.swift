import ArtifactStore
import ELF
import Foundation
import OCI
import Release
import Testing

/// A real program of the test machine, this test's own: put under its platform, under another, and cut short.
@Suite struct PlatformCheckTests {
    let fixture: Fixture
    let program: [UInt8]
    let own: Platform
    let other: Platform

    init() throws {
        fixture = try Fixture()
        program = Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/true")))
        #if arch(x86_64)
        own = try Platform(parsing: "linux/amd64")
        other = try Platform(parsing: "linux/arm64")
        #else
        own = try Platform(parsing: "linux/arm64")
        other = try Platform(parsing: "linux/amd64")
        #endif
    }

    @Test func aProgramNamesItsOwnPlatform() throws {
        let store = try fixture.store()
        var request = try fixture.request(fixture.file("true", program))
        request.platform = nil
        let artifact = try store.put([request])[0].artifact
        #expect(artifact.key.platform == .platform(own))
        #expect(artifact.mode == 0o755)
        let facts = try #require(try store.binaryFacts(of: artifact.digest))
        #expect(facts.elf.needed.contains { $0.hasPrefix("libc.so") })
        #expect(facts.textDigest != nil)
    }

    @Test func aProgramForAnotherPlatformIsRefused() throws {
        let store = try fixture.store()
        let request = try fixture.request(fixture.file("true", program), platform: other.description)
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("which \(other) can't run"))
        #expect(fixture.blobNames.isEmpty)
    }

    @Test(arguments: [5, 63, 64, 1000])
    func aCutProgramIsRefused(count: Int) throws {
        let store = try fixture.store()
        let request = try fixture.request(fixture.file("true", Array(program.prefix(count))), platform: own.description)
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        guard case .damagedProgram? = error else {
            Issue.record("a damaged program is expected")
            return
        }
    }

    @Test func aProgramOfAnotherSystemNamesItsPlatformToo() throws {
        let store = try fixture.store()
        let header: [UInt32] = [0xFEED_FACF, 0x0100_000C, 0, 2, 0, 0, 0, 0]
        let bytes = header.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var request = try fixture.request(fixture.file("tool", bytes))
        request.platform = nil
        let artifact = try store.put([request])[0].artifact
        #expect(artifact.key.platform.description == "darwin/arm64")
        #expect(artifact.mode == 0o755)
        // Its bytes are in the store now, and are for no other platform there, either.
        for platform in ["darwin/amd64", "linux/arm64"] {
            let request = try fixture.request(fixture.file("tool", bytes), platform: platform)
            let error = #expect(throws: StoreError.self) { try store.put([request]) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("a Mach-O file for darwin/arm64"))
        }
    }

    @Test func otherFilesNeedAPlatform() throws {
        let store = try fixture.store()
        var request = try fixture.request(fixture.file("ca.pem", "certificates"))
        request.platform = nil
        let error = #expect(throws: StoreError.self) { try store.put([request]) }
        guard case .platformUnknown? = error else {
            Issue.record("an unknown platform is expected")
            return
        }
    }
}
