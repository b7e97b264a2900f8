import Archive
import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import TestSupport
import Testing

/// Bases whose layers are put together here, with what foreign builders leave in them.
@Suite struct BaseImageTests {
    @Test func namesThatAreGivenLeadToImagesAndReleases() throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(to: fixture.store, [[BaseFixture.file("etc", "of the base")]])
        let helper = try fixture.put("helper", "1", "linux/amd64", bytes: Array("helper".utf8), mode: 0o755)
        var contexts = NamedContexts()
        for (name, content) in [("debian", NamedContexts.Content.image("base:1")), ("help", .release([helper]))] {
            let isNew = contexts.add(name, content)
            #expect(isNew)
        }
        _ = contexts.add("files", .image("base:1"))
        let text =
            "FROM scratch AS files\nRUN make it all\nFROM debian\nCOPY --from=help helper /\nCOPY --from=files /etc /copy\n"
        let image = try BaseFixture.build(text, in: fixture, contexts)
        let plain = "FROM base:1\nCOPY helper /\nCOPY --from=base:1 /etc /copy\n"
        let plan = try PlanFixture.plan(plain, PlanFixture.releases([helper]))
        let other = try ImageBuilder(store: fixture.store).build(plan, path: "D", options: ImageBuilder.Options())
        #expect(image.parts.map { $0.layers.map(\.diffID) } == other.parts.map { $0.layers.map(\.diffID) })
        #expect(image.artifacts.contains(helper.digest))
    }

    @Test func linksInTheDestinationAreFollowedAndDirectoriesKeepTheirMetadata() throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(
            to: fixture.store,
            [
                [
                    BaseFixture.directory("usr", mode: 0o750, uid: 7), BaseFixture.directory("usr/bin"),
                    BaseFixture.link("bin", "usr/bin"),
                    BaseFixture.link("up", "../../bin"),
                ]
            ]
        )
        let image = try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /up/tool", in: fixture)
        #expect(image.topEntries() == ["usr directory 0750 7", "usr/bin directory 0755 0", "usr/bin/tool file 0755 0"])
        #expect(image.parts[0].layers.count == 2)
        #expect(image.parts[0].layers[0].recipe == nil)
    }

    /// Dockerfile reference, "COPY --link": nothing of the layers below is read, and the destination is directories only.
    @Test func aLinkedLayerDoesNotLookBelow() throws {
        let fixture = try StoreFixture()
        let base = [
            BaseFixture.directory("usr", mode: 0o750, uid: 7), BaseFixture.directory("usr/bin"),
            BaseFixture.link("bin", "usr/bin"),
        ]
        try BaseFixture.addBase(to: fixture.store, [base])
        let linked = "FROM base:1 AS b\nCOPY --link tool-linux-amd64 /bin/tool\n"
        var image = try BaseFixture.build(linked, in: fixture)
        #expect(image.topEntries() == ["bin directory 0755 0", "bin/tool file 0755 0"])
        image = try BaseFixture.build(linked + "COPY --link tool-linux-amd64 /usr/", in: fixture)
        #expect(image.topEntries() == ["usr directory 0755 0", "usr/tool-linux-amd64 file 0755 0"])
        image = try BaseFixture.build(linked + "FROM scratch\nCOPY --from=b /bin/ /", in: fixture)
        #expect(image.topEntries() == ["tool file 0755 0"])
        // BuildKit's dispatchCopy: with --chmod it is an ordinary copy.
        image = try BaseFixture.build("FROM base:1\nCOPY --link --chmod=700 tool-linux-amd64 /bin/tool", in: fixture)
        #expect(
            image.topEntries() == ["usr directory 0750 7", "usr/bin directory 0755 0", "usr/bin/tool file 0700 0"]
        )
    }

    @Test(arguments: [
        ("a whiteout", [("gone/.wh.file", "")]), ("an opaque directory", [("gone/.wh..wh..opq", "")]),
        ("a whiteout of the directory", [(".wh.gone", "")]),
    ])
    func whatIsWhitedOutIsGone(label: String, members: [(String, String)]) throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(
            to: fixture.store,
            [
                [BaseFixture.directory("gone"), BaseFixture.file("gone/file", "x")],
                members.map { BaseFixture.file($0.0, $0.1) },
            ]
        )
        #expect {
            try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b /gone/file /", in: fixture)
        } throws: { error in
            "\(error)".contains("there is no '/gone/file'")
        }
    }

    @Test func anOpaqueDirectoryKeepsWhatItsOwnLayerBrings() throws {
        let fixture = try StoreFixture()
        let upper = [
            BaseFixture.file("d/new", "n"), BaseFixture.file("d/.wh..wh..opq", ""), BaseFixture.file("d/newer", "m"),
        ]
        try BaseFixture.addBase(
            to: fixture.store,
            [[BaseFixture.directory("d"), BaseFixture.file("d/old", "o")], upper]
        )
        let image = try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b /d /", in: fixture)
        #expect(image.topEntries() == ["new file 0644 0", "newer file 0644 0"])
    }

    @Test(arguments: ["FROM base:1\nCOPY tool-linux-amd64 /tool", "FROM scratch\nCOPY --from=base:1 /a /a"])
    func aBaseThatCanBeReadInTwoWaysIsRefused(text: String) throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(
            to: fixture.store,
            [[BaseFixture.file("a", "first")]],
            rewrite: { $0.dropLast() + #","Layers":[]}"# }
        )
        #expect {
            try BaseFixture.build(text, in: fixture)
        } throws: { error in
            "\(error)".contains("the manifest of 'base:1' can be read in two ways: the member 'Layers'")
        }
    }

    @Test func aSourceIsRefusedWhereEnginesDiffer() throws {
        let fixture = try StoreFixture()
        let lower = [
            BaseFixture.directory("usr"), BaseFixture.directory("usr/lib"), BaseFixture.file("usr/lib/y", "y"),
            BaseFixture.file("usr/lib/z", "z"),
            BaseFixture.link("lib", "usr/lib"),
        ]
        let upper = [BaseFixture.file("lib/x", "x"), BaseFixture.file("lib/.wh.y", "")]
        try BaseFixture.addBase(to: fixture.store, [lower, upper])
        for path in ["/lib/x", "/lib/z", "/usr/lib/x", "/usr/lib/y", "/usr/lib", "/usr", "/"] {
            #expect {
                try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b \(path) /o/", in: fixture)
            } throws: {
                "\($0)".contains("engines differ")
            }
        }
        let image = try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b /usr/lib/z /z", in: fixture)
        #expect(image.topEntries() == ["z file 0644 0"])
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: fixture)
        } throws: {
            "\($0)".contains("two readings at '/lib'")
        }
    }

    /// What makes engines take other bytes for the base's than its archive has.
    enum OtherBytes: CaseIterable { case trailer, globalHeader, skippableFrame, mediaType, snapshotter, artifact }

    @Test(
        "a base of which engines take other bytes than the archive is refused as a whole",
        arguments: OtherBytes.allCases
    )
    func aBaseOfOtherBytes(_ what: OtherBytes) throws {
        let fixture = try StoreFixture()
        let plain = BaseFixture.tar([BaseFixture.file("a", "first")])
        var tar = plain
        switch what {
        case .trailer: tar += Array(repeating: 1, count: 512)
        case .globalHeader:
            var builder = TarBuilder()
            builder.add("g", "g", content: TarBuilder.record("path", Array("b".utf8)))
            tar = builder.bytes + plain
        case .skippableFrame: tar = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0] + Self.zstd(plain)
        case .mediaType, .snapshotter, .artifact: break
        }
        let digest = "\(Digest.of(tar))"
        try BaseFixture.addBase(to: fixture.store, tars: [tar], diffIDs: what == .skippableFrame ? [plain] : nil) {
            text in
            switch what {
            case .mediaType: text.replacing(MediaType.layer, with: "application/vnd.erofs.layer.v1")
            case .snapshotter:
                text.replacing(
                    #"{"digest":"\#(digest)""#,
                    with: #"{"annotations":{"containerd.io/snapshot/x":"y"},"digest":"\#(digest)""#
                )
            case .artifact: text.replacing(MediaType.imageConfig, with: "application/x-config")
            case .trailer, .globalHeader, .skippableFrame: text
            }
        }
        let words = what == .artifact ? "an artifact to some engines" : "engines differ"
        for text in ["FROM base:1\nCOPY tool-linux-amd64 /tool", "FROM scratch\nCOPY --from=base:1 /a /a"] {
            #expect {
                try BaseFixture.build(text, in: fixture)
            } throws: { error in
                "\(error)".contains(words)
            }
        }
    }

    /// One frame with one block of the bytes as they are (RFC 8878, section 3.1.1).
    private static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        let (size, block) = (bytes.count - 256, bytes.count << 3 | 1)
        let header = [size & 0xFF, size >> 8, block & 0xFF, block >> 8 & 0xFF, block >> 16]
        return [0x28, 0xB5, 0x2F, 0xFD, 0x60] + header.map { UInt8($0) } + bytes
    }

    @Test("Names that only look the same are two, as they are to engines")
    func namesAreBytes() throws {
        let fixture = try StoreFixture()
        let names = ["d/e\u{301}", "d/plain", "d/\u{E9}"]
        let files = names.map { BaseFixture.file($0, $0) }
        try BaseFixture.addBase(to: fixture.store, [[BaseFixture.directory("d")] + files])
        let image = try BaseFixture.build("FROM base:1 AS b\nFROM scratch\nCOPY --from=b /d /d", in: fixture)
        #expect(image.parts[0].layers[0].diffID == .of(BaseFixture.tar([BaseFixture.directory("d")] + files)))
        let one = try BaseFixture.build("FROM scratch\nCOPY --from=base:1 /d/\u{E9} /p", in: fixture)
        #expect(one.parts[0].layers[0].diffID == .of(BaseFixture.tar([BaseFixture.file("p", names[2])])))
        let over = try BaseFixture.build("FROM base:1\nCOPY --from=base:1 /d/plain /d/\u{E9}", in: fixture)
        #expect(
            over.parts[0].layers[1].diffID
                == .of(BaseFixture.tar([BaseFixture.directory("d"), BaseFixture.file(names[2], "d/plain")]))
        )
    }

    @Test func filesOfABaseAreCopiedByteForByte() throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(
            to: fixture.store,
            [[BaseFixture.file("a", "first"), BaseFixture.file("b", "second", mode: 0o4755)]]
        )
        var image = try BaseFixture.build("FROM scratch\nCOPY --from=base:1 /b /b", in: fixture)
        #expect(image.topEntries() == ["b file 4755 0"])
        let expected = BaseFixture.tar([BaseFixture.file("b", "second", mode: 0o4755)])
        #expect(image.parts[0].layers[0].diffID == .of(expected))
        image = try BaseFixture.build("FROM scratch\nCOPY --from=base:1 /a /b", in: fixture)
        #expect(image.parts[0].layers[0].diffID == .of(BaseFixture.tar([BaseFixture.file("b", "first")])))
    }

    @Test func aFileOfSeveralNamesIsNotChangedByRUN() throws {
        let fixture = try StoreFixture()
        let names = [
            BaseFixture.directory("bin"), BaseFixture.file("bin/busybox", "b", mode: 0o755),
            BaseFixture.link("bin/sh", "busybox"), BaseFixture.link("bin/chmod", "busybox"), BaseFixture.file("a", "x"),
            BaseFixture.file("c", "x"), (TarHeader(path: "b", kind: .hardLink, mode: 0o644, linkName: "a"), ""),
        ]
        try BaseFixture.addBase(to: fixture.store, [names])
        for name in ["a", "b"] {
            #expect {
                try BaseFixture.build("FROM base:1\nRUN chmod 600 /\(name)", in: fixture)
            } throws: { "\($0)".contains("'/\(name)' has several names in the base") }
        }
        let image = try BaseFixture.build("FROM base:1\nRUN chmod 644 /a && chmod 600 /c", in: fixture)
        #expect(image.topEntries() == ["c file 0600 0"])
    }

    @Test func configAndUsersOfTheBaseCount() throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(
            to: fixture.store,
            [[BaseFixture.directory("etc"), BaseFixture.file("etc/passwd", "app:x:10:20::/:/\n")]]
        ) {
            config in
            config.config = ImageConfig.Execution()
            config.config?.env = ["PATH=/own", "A=base"]
            config.config?.cmd = ["base"]
            config.config?.workingDir = "/srv"
        }
        let image = try BaseFixture.build(
            "FROM base:1\nENV B=$A-$PATH\nCOPY --chown=app tool-linux-amd64 here\nENTRYPOINT [\"/x\"]",
            in: fixture
        )
        #expect(image.topEntries() == ["srv directory 0755 10", "srv/here file 0755 10"])
        let config = try #require(image.documents.first { $0.mediaType == MediaType.imageConfig })
        let text = String(decoding: config.bytes, as: UTF8.self)
        #expect(text.contains(#""Env":["PATH=/own","A=base","B=base-/own"]"#))
        #expect(text.contains(#""Entrypoint":["/x"],"Env""#))
        #expect(!text.contains(#""Cmd""#))
    }

    @Test("a base whose config says no platform is for the one that is asked for", arguments: [0, 1, 2])
    func aBaseWithoutAPlatform(which: Int) throws {
        let fixture = try StoreFixture()
        try BaseFixture.addBase(to: fixture.store, [[BaseFixture.file("a", "x")]]) { config in
            if which != 1 { config.os = "" }
            if which != 0 { config.architecture = "" }
        }
        let image = try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: fixture)
        let config = try #require(image.documents.first { $0.mediaType == MediaType.imageConfig })
        let text = String(decoding: config.bytes, as: UTF8.self)
        #expect(text.contains(#""architecture":"amd64""#) && text.contains(#""os":"linux""#))
    }

    @Test func aBaseOfAnotherPlatformOrWithoutItsLayersIsRefused() throws {
        let other = try StoreFixture()
        try BaseFixture.addBase(to: other.store, [[BaseFixture.file("a", "x")]], platform: "linux/arm64")
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: other)
        } throws: { "\($0)".contains("the base image 'base:1' is for linux/arm64, not for linux/amd64") }
        let newer = try StoreFixture()
        try BaseFixture.addBase(to: newer.store, [[BaseFixture.file("a", "x")]]) { $0.variant = "v3" }
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: newer)
        } throws: { "\($0)".contains("the base image 'base:1' is for linux/amd64/v3, not for linux/amd64") }
        let short = try StoreFixture()
        try BaseFixture.addBase(to: short.store, [[BaseFixture.file("a", "x")]]) { $0.rootfs.diffIDs = [] }
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: short)
        } throws: { "\($0)".contains("1 layers and 0 diff_ids") }
        let silent = try StoreFixture()
        try BaseFixture.addBase(to: silent.store, [[BaseFixture.file("a", "x")]], platform: "linux/arm64") {
            $0.os = ""
        }
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: silent)
        } throws: { "\($0)".contains("is for no system/arm64, not for linux/amd64") }
        let wrong = try StoreFixture()
        try BaseFixture.addBase(to: wrong.store, [[BaseFixture.file("a", "x")]]) { $0.rootfs.diffIDs = [.of("else")] }
        #expect {
            try BaseFixture.build("FROM base:1\nCOPY tool-linux-amd64 /", in: wrong)
        } throws: { "\($0)".contains("it unpacks to sha256:") }
    }

    @Test("A pattern over a name that isn't UTF-8 is refused, not passed over")
    func patternsMeanNamesThatAreNotText() throws {
        let fixture = try StoreFixture()
        var tar = BaseFixture.tar([
            BaseFixture.directory("d"), BaseFixture.file("d/good", "a"), BaseFixture.file("d/bad?", "b"),
        ])
        // The header's checksum counts it as one byte of the name.
        let place = try #require(tar.firstRange(of: Array("bad?".utf8))).upperBound - 1
        tar[place] = 0xFF
        let header = place / 512 * 512
        let sum = tar[header..<(header + 512)].enumerated().reduce(0) { sum, byte in
            sum + (148..<156 ~= byte.offset ? 32 : Int(byte.element))
        }
        let digits = String(sum, radix: 8)
        let field = Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8) + [0, 32]
        tar.replaceSubrange((header + 148)..<(header + 156), with: field)
        try BaseFixture.addBase(to: fixture.store, tars: [tar])
        for pattern in ["/d/*", "/d/bad*", "/*/*"] {
            #expect {
                try BaseFixture.build("FROM scratch\nCOPY --from=base:1 \(pattern) /z/", in: fixture)
            } throws: {
                "\($0)".contains(#"'/\#(pattern.dropFirst())' can't be copied: at '/d/bad\xff' a name isn't UTF-8"#)
            }
        }
        #expect(
            try BaseFixture.build("FROM scratch\nCOPY --from=base:1 /d/go* /z/", in: fixture).topEntries().count == 2
        )
    }

    @Test("Members of a base's config that nothing here reads stay; those of its own making don't")
    func aBaseKeepsItsMembers() throws {
        let fixture = try StoreFixture()
        let config = """
            {"architecture":"amd64","os":"linux","os.version":"10.0.1","x-note":{"a":[1,null]},"x-score":1.50,"container":"c","moby.buildkit.buildinfo.v1":"e30=",
            "docker_version":"20","config":{"Env":["PATH=/bin"],"StopTimeout":7,"Image":"sha256:0"},
            "rootfs":{"type":"layers","diff_ids":[]}}
            """
        try BaseFixture.addBase(to: fixture.store, tars: [], config: Array(config.utf8))
        let image = try BaseFixture.build("FROM base:1\nENV A=1", in: fixture)
        let document = try #require(image.documents.first { $0.digest == image.parts[0].config.digest })
        guard case .object(let members) = try JSONValue(parsing: document.bytes, keepsNumbers: true),
            case .object(let run)? = members["config"]
        else {
            Issue.record("the config isn't an object")
            return
        }
        #expect(members["os.version"] == "10.0.1" && members["x-note"] == ["a": [1, .null]])
        #expect(String(decoding: document.bytes, as: UTF8.self).contains(#""x-score":1.50"#))
        #expect(members["container"] == nil && members["docker_version"] == nil && run["Image"] == nil)
        #expect(members["moby.buildkit.buildinfo.v1"] == nil)
        #expect(run["StopTimeout"] == 7 && run["Env"] == ["PATH=/bin", "A=1"])
    }

    @Test(
        "What text can't hold is refused, not copied as something else",
        arguments: [
            ("2", [("linkpath", [0x78, 0xFF])], "the target of a link isn't UTF-8"),
            ("2", [("linkpath", [0xED, 0xA0, 0x80])], "the target of a link isn't UTF-8"),
            ("0", [("SCHILY.xattr.user.?", [0x31])], "the name of an extended attribute isn't UTF-8"),
            (
                "0", [("SCHILY.xattr.user.\u{E9}", [0x31]), ("SCHILY.xattr.user.e\u{301}", [0x32])],
                "differ only in how characters are encoded"
            ),
        ] as [(Character, [(String, [UInt8])], String)]
    )
    func filesThatAreNotTextAreRefused(type: Character, pax: [(String, [UInt8])], reason: String) throws {
        let fixture = try StoreFixture()
        var builder = TarBuilder()
        builder.directory("d")
        builder.add("d/odd", type, link: type == "2" ? "x" : "", pax: pax)
        builder.file("d/good", "a")
        var tar = builder.bytes + TarWriter.trailer
        if let question = tar.firstRange(of: Array("user.?".utf8)) { tar[question.upperBound - 1] = 0xFF }
        try BaseFixture.addBase(to: fixture.store, tars: [tar])
        for source in ["/d", "/d/odd", "/d/*"] {
            #expect {
                try BaseFixture.build("FROM scratch\nCOPY --from=base:1 \(source) /z/", in: fixture)
            } throws: { "\($0)".contains(reason) }
        }
        #expect(
            try BaseFixture.build("FROM scratch\nCOPY --from=base:1 /d/good /z/", in: fixture).topEntries().count == 2
        )
    }
}
