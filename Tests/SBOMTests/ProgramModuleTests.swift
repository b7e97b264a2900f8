import SBOM
import TestSupport
import Testing

@Suite struct ProgramModuleTests {
    @Test func goModulesComeWithTheStandardLibraryAndReplacements() {
        var program = TestProgram(code: "go")
        program.goBuild = (
            "go1.22.5",
            "path\texample.com/Tool\nmod\texample.com/Tool\t(devel)\t\ndep\tgolang.org/x/net\tv0.37.0\th1:aaa=\n"
                + "dep\texample.com/old\tv1.0.0\n=>\texample.com/new\tv1.1.0\th1:bbb=\ndep\texample.com/local\tv1.0.0\n=>\t./local\t\t\n"
        )
        let modules = Self.contents(program).modules
        #expect(
            modules.map(\.name) == ["stdlib", "example.com/Tool", "golang.org/x/net", "example.com/new", "./local"]
        )
        #expect(modules.map(\.version) == ["go1.22.5", nil, "v0.37.0", "v1.1.0", nil])
        #expect(modules[2].sum == "h1:aaa=")
        #expect(modules[3].replaces == "example.com/old@v1.0.0")
        #expect(
            modules.map(\.purl?.description) == [
                "pkg:golang/stdlib@1.22.5", "pkg:golang/example.com/tool", "pkg:golang/golang.org/x/net@v0.37.0",
                "pkg:golang/example.com/new@v1.1.0", nil,
            ]
        )
    }

    @Test func cratesAreThoseOfCargoAuditable() throws {
        let modules = try #require(
            Self.crates(
                """
                {"packages":[{"name":"app","version":"1.0.0","source":"local","root":true,"dependencies":[1,2]},
                {"name":"serde","version":"1.0.1","source":"crates.io"},
                {"name":"cc","version":"1.1.0","source":"crates.io","kind":"build"}]}
                """
            )
        )
        #expect(modules.map(\.name) == ["app", "serde", "cc"])
        #expect(modules.map(\.isBuildOnly) == [false, false, true])
        #expect(modules.map(\.purl?.description) == [nil, "pkg:cargo/serde@1.0.1", "pkg:cargo/cc@1.1.0"])
    }

    @Test(arguments: [
        ("a cycle", #"{"name":"a","version":"1","dependencies":[1]},{"name":"b","version":"1","dependencies":[0]}"#),
        ("itself", #"{"name":"a","version":"1","dependencies":[0]}"#),
        ("two roots", #"{"name":"a","version":"1","root":true},{"name":"b","version":"1","root":true}"#),
        ("beyond the list", #"{"name":"a","version":"1","dependencies":[1]}"#),
        ("before the list", #"{"name":"a","version":"1","dependencies":[-1]}"#),
        ("no version", #"{"name":"a"}"#),
    ])
    func cratesThatNobodyWritesAreRefused(_ label: String, _ packages: String) {
        #expect(Self.crates("{\"packages\":[\(packages)]}") == nil, "\(label)")
        var program = TestProgram(code: "rust")
        program.crates = Self.zlib(Array("{\"packages\":[\(packages)]}".utf8))
        #expect(Self.contents(program).hasUnreadableCrates)
        program.crates = Array("no stream".utf8)
        #expect(Self.contents(program).hasUnreadableCrates)
    }

    @Test func notesNamePackageAndLoadedLibraries() {
        var program = TestProgram(code: "noted")
        program.notes = [
            (0xCAFE_1A7E, #"{"type":"deb","os":"debian","name":"curl","version":"7.88.1-10","architecture":"amd64"}"#),
            (0x407C_0C0A, #"[{"soname":["libbpf.so.1","libbpf.so.0"],"feature":"bpf","priority":"suggested"}]"#),
            (0x407C_0C0A, #"[{"soname":["libz.so.1"]},{"soname":[]},7]"#),
            (0x407C_0C0A, "not JSON"),
        ]
        let contents = Self.contents(program)
        #expect(contents.package?.purl.description == "pkg:deb/debian/curl@7.88.1-10?arch=amd64")
        #expect(contents.loaded.map(\.summary) == ["libbpf.so.1 or libbpf.so.0 (suggested, for bpf)", "libz.so.1"])
    }

    private static func contents(_ program: TestProgram) -> ProgramContents {
        program.bytes.withUnsafeBytes { ProgramContents($0) }
    }

    private static func crates(_ text: String) -> [ProgramModule]? {
        zlib(Array(text.utf8)).withUnsafeBytes(CrateList.read)
    }

    // One stored block (RFC 1950, RFC 1951).
    private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        let (low, high) = (UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8))
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        let sum = [b >> 8, b, a >> 8, a].map { UInt8($0 & 0xFF) }
        return [0x78, 0x01, 0x01, low, high, ~low, ~high] + bytes + sum
    }
}
