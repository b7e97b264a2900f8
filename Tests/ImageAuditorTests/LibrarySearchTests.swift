import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// Where libraries are found whose search path stands in what loads them (ld.so(8); musl's `load_library`).
@Suite struct LibrarySearchTests {
    /// `prog` needs liba.so, which needs libb.so; `-rpath` stands in the program alone.
    private func withPrograms(_ body: ([String: [UInt8]]) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(
                """
                echo 'void _start(void) {} void a(void) {} void b(void) {}' > empty.c
                gcc -nostdlib -shared -Wl,-soname,libb.so -o libb.so empty.c
                gcc -nostdlib -shared -Wl,-soname,liba.so,--no-as-needed -o liba.so empty.c libb.so
                gcc -nostdlib -shared -Wl,-soname,liba.so,--no-as-needed,--enable-new-dtags,-rpath,/none -o own.so empty.c libb.so
                gcc -nostdlib -shared -Wl,-soname,liba.so,--no-as-needed,--enable-new-dtags,-rpath,'$ORIGIN' -o near.so empty.c libb.so
                for kind in disable enable; do
                    for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-musl-x86_64.so.1; do
                        gcc -nostdlib -pie -Wl,--no-as-needed,--allow-shlib-undefined,-rpath-link,. \\
                            -Wl,--$kind-new-dtags,-rpath,/app/lib,-dynamic-linker,$loader \\
                            -o "$kind-$(basename $loader)" empty.c liba.so
                        gcc -nostdlib -pie -Wl,--no-as-needed,--allow-shlib-undefined,-rpath-link,. \\
                            -Wl,--enable-new-dtags,-rpath,/x/app/lib,-dynamic-linker,$loader \\
                            -o "both-$(basename $loader)" empty.c liba.so
                    done
                done
                """,
                in: directory
            )
            var files: [String: [UInt8]] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
                files[name] = try Array(Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
            }
            try body(files)
        }
    }

    @Test(arguments: [
        ("disable-ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2", true, []),
        // DT_RUNPATH isn't handed down by glibc, and is by musl.
        ("enable-ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2", true, [FindingCode.libraryMissing]),
        ("disable-ld-musl-x86_64.so.1", "/lib/ld-musl-x86_64.so.1", true, []),
        ("enable-ld-musl-x86_64.so.1", "/lib/ld-musl-x86_64.so.1", true, []),
        ("disable-ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2", false, [.libraryMissing]),
    ])
    func followsThePathsOfWhatLoads(_ name: String, _ loader: String, _ isWhole: Bool, _ codes: [FindingCode]) throws {
        try follows(name, loader, "liba.so", isWhole, codes)
    }

    @Test(
        "a library with a path of its own by DT_RUNPATH has nobody's DT_RPATH in glibc, and all paths in musl",
        arguments: [
            ("disable-ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2", [FindingCode.libraryMissing]),
            ("disable-ld-musl-x86_64.so.1", "/lib/ld-musl-x86_64.so.1", []),
        ]
    )
    func ownPath(_ name: String, _ loader: String, _ codes: [FindingCode]) throws {
        try follows(name, loader, "own.so", true, codes)
    }

    @Test("a library's $ORIGIN is where it was looked for, and not where a link leads", arguments: loaders)
    func origin(_ loader: String) throws {
        try withPrograms { files in
            let name = String(loader.split(separator: "/").last ?? "")
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), files["libb.so"] ?? [], mode: 0o755)
            layer.file("app/prog", files["enable-" + name] ?? [], mode: 0o755)
            layer.file("opt/r/liba.so", files["near.so"] ?? [])
            layer.symbolicLink("app/lib/liba.so", to: "/opt/r/liba.so")
            for directory in ["opt/r", "app/lib"] { layer.file(directory + "/libb.so", files["libb.so"] ?? []) }
            let audit = try Self.audit(layer, [:], released: files["near.so"])
            #expect(Self.libraries(audit) == ["/opt/r/liba.so", "/app/lib/libb.so"])
            // What a released library needs is looked at, by whatever path it was found.
            let unknown = audit.allFindings.filter { $0.code == .libraryUnknown }
            #expect(unknown.compactMap { $0.path?.description } == ["/app/lib/libb.so"])
        }
    }

    private static let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"]

    @Test("DT_RPATH beside DT_RUNPATH in one file counts for nobody", arguments: loaders)
    func bothPaths(_ loader: String) throws {
        try withPrograms { files in
            let name = String(loader.split(separator: "/").last ?? "")
            let program = try Self.withRPath(files["both-" + name] ?? [], endOfRunPath: "/x".utf8.count)
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), files["libb.so"] ?? [], mode: 0o755)
            layer.file("app/prog", program, mode: 0o755)
            layer.file("x/app/lib/liba.so", files["liba.so"] ?? [])
            layer.file("app/lib/liba.so", files["liba.so"] ?? [])
            layer.file("app/lib/libb.so", files["libb.so"] ?? [])
            let audit = try Self.audit(layer, [:])
            #expect(audit.codes.filter { $0 == .libraryMissing } == [.libraryMissing])
            #expect(Self.libraries(audit) == ["/x/app/lib/liba.so"])
        }
    }

    @Test("musl passes over empty names in LD_LIBRARY_PATH, and glibc takes the working directory", arguments: loaders)
    func emptyNames(_ loader: String) throws {
        try withPrograms { files in
            let name = String(loader.split(separator: "/").last ?? "")
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), files["libb.so"] ?? [], mode: 0o755)
            layer.file("app/prog", files["enable-" + name] ?? [], mode: 0o755)
            for directory in ["srv", "opt"] {
                for library in ["liba.so", "libb.so"] { layer.file("\(directory)/\(library)", files[library] ?? []) }
            }
            let audit = try Self.audit(layer, ["Env": ["LD_LIBRARY_PATH=:/opt"], "WorkingDir": "/srv"])
            let place = name.contains("musl") ? "/opt" : "/srv"
            #expect(Self.libraries(audit) == ["\(place)/liba.so", "\(place)/libb.so"])
        }
    }

    private static func audit(
        _ layer: TarBuilder,
        _ more: [String: JSONValue],
        released: [UInt8]? = nil
    ) throws -> ImageAudit {
        var image = TestImage()
        image.layers = [.init(layer.archive)]
        image.execution = more.merging(["Entrypoint": ["/app/prog"]]) { own, _ in own }
        var result: ImageAudit?
        try AuditFixture.with { fixture in
            if let released {
                let path = fixture.directory + "/released"
                try Data(released).write(to: URL(fileURLWithPath: path))
                _ = try fixture.store.put([
                    PutRequest(
                        source: .path(path),
                        name: RepositoryName(parsing: "liba"),
                        version: Version(parsing: "1")
                    )
                ])
            }
            result = try fixture.audit(image)
        }
        return try #require(result)
    }

    private static func libraries(_ audit: ImageAudit) -> [String] {
        audit.platforms[0].entrypoint.map(\.path.description).filter { $0.hasSuffix(".so") }
    }

    /// A program for amd64 whose DT_DEBUG is made DT_RPATH: what its DT_RUNPATH says, without its first bytes.
    private static func withRPath(_ program: [UInt8], endOfRunPath skipped: Int) throws -> [UInt8] {
        func number(_ place: Int, _ count: Int) -> Int {
            program[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let headers = (0..<number(56, 2)).map { number(32, 8) + 56 * $0 }
        let dynamic = try #require(headers.first { number($0, 4) == 2 })
        let entries = stride(from: number(dynamic + 8, 8), to: number(dynamic + 8, 8) + number(dynamic + 32, 8), by: 16)
        let debug = try #require(entries.first { number($0, 8) == 21 })
        let runPath = try #require(entries.first { number($0, 8) == 29 })
        var result = program
        result[debug] = 15
        for (index, shift) in stride(from: 0, to: 64, by: 8).enumerated() {
            result[debug + 8 + index] = UInt8(truncatingIfNeeded: (number(runPath + 8, 8) + skipped) >> shift)
        }
        return result
    }

    private func follows(
        _ name: String,
        _ loader: String,
        _ library: String,
        _ isWhole: Bool,
        _ codes: [FindingCode]
    ) throws {
        try withPrograms { files in
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), files["libb.so"] ?? [], mode: 0o755)
            layer.file("app/prog", files[name] ?? [], mode: 0o755)
            layer.file("app/lib/liba.so", files[library] ?? [])
            if isWhole { layer.file("app/lib/libb.so", files["libb.so"] ?? []) }
            var image = TestImage()
            image.layers = [.init(layer.archive)]
            image.execution = ["Entrypoint": ["/app/prog"]]
            try AuditFixture.with { fixture in
                let audit = try fixture.audit(image)
                #expect(audit.codes.filter { $0 == .libraryMissing } == codes)
                let libraries = audit.platforms[0].entrypoint.map(\.path.description).filter { $0.hasSuffix(".so") }
                #expect(libraries == ["/app/lib/liba.so"] + (codes.isEmpty ? ["/app/lib/libb.so"] : []))
            }
        }
    }

    /// A program that needs a library, an image of both, and the names that aren't found.
    private func missing(
        _ library: String,
        loader: String,
        rpath: String = "",
        files: [String: String] = [:],
        at path: String? = nil
    ) throws -> [FindingCode] {
        var codes: [FindingCode] = []
        try withTemporaryDirectory { directory in
            try Shell.run(
                """
                echo 'void _start(void) {} void a(void) {}' > empty.c
                gcc -nostdlib -shared -Wl,-soname,\(library) -o \(library) empty.c
                gcc -nostdlib -pie -Wl,--no-as-needed,-rpath,'\(rpath)',-dynamic-linker,\(loader) -o prog empty.c ./\(library)
                """,
                in: directory
            )
            func bytes(_ name: String) throws -> [UInt8] {
                try Array(Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
            }
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), try bytes(library), mode: 0o755)
            layer.file("app/prog", try bytes("prog"), mode: 0o755)
            if let path { layer.file(path + "/" + library, try bytes(library)) }
            for (name, text) in files { layer.file(name, Array(text.utf8)) }
            var image = TestImage()
            image.layers = [.init(layer.archive)]
            image.execution = ["Entrypoint": ["/app/prog"]]
            try AuditFixture.with { codes = try $0.audit(image).codes.filter { $0 == .libraryMissing } }
        }
        return codes
    }

    @Test(arguments: [
        ("libc.so", true), ("libc.musl-x86_64.so.1", true), ("libpthread.so.0", true), ("libm.so.6", true),
        ("libcrypt.so.1", false), ("libcap.so.2", false),
    ])
    func muslIsItsOwnLibraries(_ library: String, _ isOwn: Bool) throws {
        #expect(try missing(library, loader: "/lib/ld-musl-x86_64.so.1") == (isOwn ? [] : [.libraryMissing]))
    }

    @Test(arguments: ["/etc/ld.so.conf.d/*.conf", "ld.so.conf.d/*.conf", "ld.so.conf.d/a.conf"])
    func theConfigurationMayIncludeRelativePaths(_ pattern: String) throws {
        let files = ["etc/ld.so.conf": "include \(pattern)\n", "etc/ld.so.conf.d/a.conf": "/q\n"]
        #expect(try missing("liba.so", loader: "/lib64/ld-linux-x86-64.so.2", files: files, at: "q") == [])
    }

    @Test(arguments: [
        ("/p/$LIB", "p/lib64"), ("/p/${LIB}", "p/lib/x86_64-linux-gnu"), ("/p/$PLATFORM", "p/x86_64"),
        ("$ORIGIN/../lib", "lib"), ("/p/$LIB", "p/lib"),
    ])
    func tokensInPathsAreExpanded(_ rpath: String, _ place: String) throws {
        #expect(try missing("liba.so", loader: "/lib64/ld-linux-x86-64.so.2", rpath: rpath, at: place) == [])
    }

    @Test(
        "musl leaves out a path with another token than $ORIGIN",
        arguments: ["/p/$LIB", "/q:/p/$LIB", "/q:$ORIGIN/x"]
    )
    func muslTokens(_ rpath: String) throws {
        let found = try missing("liba.so", loader: "/lib/ld-musl-x86_64.so.1", rpath: rpath, at: "q")
        #expect(found == (rpath.contains("LIB") ? [.libraryMissing] : []))
    }

    @Test("musl's list stands beside its loader's directory, and an empty one has no directories")
    func muslList() throws {
        for (loader, list, text, place, isFound) in [
            ("/lib/ld-musl-x86_64.so.1", "etc/ld-musl-x86_64.path", "/q", "q", true),
            ("/opt/m/lib/ld-musl-x86_64.so.1", "opt/m/etc/ld-musl-x86_64.path", "/q", "q", true),
            ("/opt/m/lib/ld-musl-x86_64.so.1", "etc/ld-musl-x86_64.path", "/q", "q", false),
            ("/lib/ld-musl-x86_64.so.1", "etc/ld-musl-x86_64.path", "", "usr/lib", false),
            ("/lib/ld-musl-x86_64.so.1", "etc/other", "", "usr/lib", true),
        ] {
            let found = try missing("liba.so", loader: loader, files: [list: text], at: place)
            #expect(found == (isFound ? [] : [.libraryMissing]), "\(loader) \(list) \(text)")
        }
    }

    @Test(
        "glibc takes a semicolon in LD_LIBRARY_PATH for a separator, and musl the end of a line",
        arguments: loaders,
        [";", "\n"]
    )
    func separators(_ loader: String, _ separator: String) throws {
        try withPrograms { files in
            let name = String(loader.split(separator: "/").last ?? "")
            var layer = TarBuilder()
            layer.file(String(loader.dropFirst()), files["libb.so"] ?? [], mode: 0o755)
            layer.file("app/prog", files["enable-" + name] ?? [], mode: 0o755)
            for library in ["liba.so", "libb.so"] { layer.file("opt/" + library, files[library] ?? []) }
            let audit = try Self.audit(layer, ["Env": [.string("LD_LIBRARY_PATH=/none\(separator)/opt")]])
            let isSplit = name.contains("musl") == (separator == "\n")
            #expect(Self.libraries(audit) == (isSplit ? ["/opt/liba.so", "/opt/libb.so"] : []))
        }
    }
}
