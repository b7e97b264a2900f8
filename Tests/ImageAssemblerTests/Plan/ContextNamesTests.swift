import ArtifactStore
import ContentAddress
import ImageAssembler
import OCI
import Release
import Testing

/// By which names a Dockerfile finds the files of the releases, and how one tree serves all platforms.
@Suite struct ContextNamesTests {
    private let variants = ["linux/amd64", "linux/arm/v6", "linux/arm/v7"]

    @Test(arguments: [
        ("a plain path", "COPY tool /usr/bin/", "COPY $TARGETPLATFORM/tool /usr/bin/"),
        ("the long way", "COPY ./tool /", "COPY $TARGETPLATFORM/./tool /"),
        ("from the root", "COPY /tool /", "COPY $TARGETPLATFORM/tool /"),
        ("a pattern of plain paths", "COPY too? /", "COPY $TARGETPLATFORM/too? /"),
        ("a variable", "ARG N=tool\nCOPY $N /", "ARG N=tool\nCOPY $TARGETPLATFORM/$N /"),
        ("JSON", #"COPY ["tool", "/a b"]"#, #"COPY ["$TARGETPLATFORM/tool", "/a b"]"#),
        ("flags", "COPY --chmod=755  --chown=1:1 tool /", "COPY --chmod=755  --chown=1:1 $TARGETPLATFORM/tool /"),
        ("two lines", "COPY \\\n  tool \\\n  /", "COPY   $TARGETPLATFORM/tool /"),
        ("ADD", "ADD tool /", "ADD $TARGETPLATFORM/tool /"),
        ("--parents", "COPY --parents tool /", "COPY --parents $TARGETPLATFORM/./tool /"),
        ("--parents, from here", "COPY --parents ./tool /", "COPY --parents $TARGETPLATFORM/./tool /"),
        ("--parents, a pivot", "COPY --parents ./././tool /", "COPY --parents $TARGETPLATFORM/./tool /"),
    ])
    func aSourceThatDiffersByPlatformIsTakenFromTheDirectoryOfEach(
        label: String,
        line: String,
        rewritten: String
    ) throws {
        let plan = try PlanFixture.plan("FROM scratch\n\(line)\nUSER 1\n", PlanFixture.tool())
        #expect(plan.files.map(\.name) == ["linux/amd64/tool", "linux/arm64/tool"])
        let variable = rewritten.hasPrefix("ARG N") ? "ARG N=tool\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/$N /" : nil
        let expected = variable ?? "ARG TARGETPLATFORM\n" + rewritten
        #expect(text(plan) == "FROM scratch\n\(expected)\nUSER 1\n")
    }

    @Test func theVariableIsDeclaredOnceInEachStage() throws {
        let text = """
            FROM scratch AS a
            ARG TARGETPLATFORM
            COPY tool /a
            FROM scratch
            COPY --from=a /a /
            COPY tool /b
            COPY tool /c
            """
        let plan = try PlanFixture.plan(text, PlanFixture.tool())
        #expect(
            self.text(plan) == """
                FROM scratch AS a
                ARG TARGETPLATFORM
                COPY $TARGETPLATFORM/tool /a
                FROM scratch
                COPY --from=a /a /
                ARG TARGETPLATFORM
                COPY $TARGETPLATFORM/tool /b
                COPY $TARGETPLATFORM/tool /c
                """
        )
    }

    @Test(arguments: [
        ("one platform alone", "COPY tool /", ["tool"], ["linux/amd64"]),
        (
            "by platform", "ARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /", ["linux/amd64/tool", "linux/arm64/tool"],
            []
        ),
        ("its directory", "ARG TARGETPLATFORM\nCOPY $TARGETPLATFORM /", ["linux/amd64/tool", "linux/arm64/tool"], []),
        (
            "what is in it", "ARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/* /", ["linux/amd64/tool", "linux/arm64/tool"],
            []
        ),
        ("another platform's, by its path", "COPY linux/arm64/tool /", ["linux/arm64/tool"], []),
        ("by --naming", "ARG TARGETARCH\nCOPY tool-linux-$TARGETARCH /", ["tool-linux-amd64", "tool-linux-arm64"], []),
        ("all by --naming", "COPY . /", ["tool-linux-amd64", "tool-linux-arm64"], []),
        ("nothing", "USER 1", [], []),
    ])
    func theContextHasTheNamesThatTheDockerfileCanReach(
        label: String,
        line: String,
        names: [String],
        platforms: [String]
    ) throws {
        let plan = try PlanFixture.plan("FROM scratch\n" + line, PlanFixture.tool()) { options in
            options.platforms = platforms.compactMap { try? Platform(parsing: $0) }
        }
        #expect(plan.files.map(\.name) == names)
        #expect(text(plan) == "FROM scratch\n" + line)
    }

    @Test func theNearestVariantIsThePlatformsOwn() throws {
        let plan = try PlanFixture.plan("FROM scratch\nCOPY tool /", PlanFixture.tool(variants))
        #expect(plan.files.map(\.name) == ["linux/amd64/tool", "linux/arm/v6/tool", "linux/arm/v7/tool"])
        #expect(plan.files.map { "\($0.key.platform)" } == variants)
        let other = try PlanFixture.plan(
            "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /",
            PlanFixture.tool()
        ) {
            $0.platforms = [try? Platform(parsing: "linux/amd64")].compactMap(\.self)
        }
        #expect(other.files.map(\.name) == ["linux/amd64/tool"])
    }

    @Test func filesForAnyPlatformAreThereOnceForAll() throws {
        let releases = PlanFixture.releases([
            try PlanFixture.artifact("tool", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("tool", "1.0.0", "linux/arm64"),
            try PlanFixture.artifact("ca", "1.0.0", "any", fileName: "ca.pem", mode: 0o644),
        ])
        let plan = try PlanFixture.plan("FROM scratch\nCOPY tool ca.pem /", releases)
        #expect(plan.files.map(\.name) == ["ca.pem", "linux/amd64/tool", "linux/arm64/tool"])
        #expect(text(plan) == "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool ca.pem /")
    }

    @Test func aMarkedFileIsSeenByItsNameAlone() throws {
        let checksums = Artifact(
            key: ArtifactKey(
                name: try RepositoryName(parsing: "tool"),
                version: try Version(parsing: "1.0.0"),
                platform: .any,
                file: try ReleasePath(parsing: "checksums.txt")
            ),
            digest: .of("checksums"),
            size: 9,
            fileName: "checksums.txt",
            mode: 0o644,
            putAt: Timestamp(milliseconds: 0),
            putBy: "test",
            annotations: [Annotation.artifactKind: "checksums"]
        )
        let releases = PlanFixture.releases([try PlanFixture.artifact("tool", "1.0.0", "linux/amd64"), checksums])
        let all = try PlanFixture.plan("FROM scratch\nCOPY . /", releases)
        #expect(all.files.map(\.name) == ["tool-linux-amd64"])
        let named = try PlanFixture.plan("FROM scratch\nCOPY checksums.txt /", releases)
        #expect(named.files.map(\.name) == ["checksums.txt"])
    }

    @Test(arguments: [
        ("COPY . /", ["etc/c.conf", "run.sh"]), ("COPY * /", ["etc/c.conf", "run.sh"]), ("COPY t* /", nil),
        ("COPY etc /", nil), ("COPY run.sh /", nil), ("ARG TARGETPLATFORM\nCOPY $TARGETPLATFORM /", nil),
    ])
    func aDirectoryOrPatternSaysWhatItLeavesOut(line: String, names: [String]?) throws {
        let releases = PlanFixture.releases([
            try PlanFixture.artifact("tool", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("tool", "1.0.0", "linux/amd64", file: "run.sh"),
            try PlanFixture.artifact("tool", "1.0.0", "linux/amd64", file: "etc/c.conf"),
            try PlanFixture.artifact("tool", "1.0.0", "any", file: "notes.txt"),
        ])
        let plan = try PlanFixture.plan("FROM scratch\n" + line, releases)
        let expected = names.map { [PlanProblem.Kind.leavesOut(source: String(line.split(separator: " ")[1]), $0)] }
        #expect(plan.warnings.map(\.kind) == expected ?? [])
    }

    @Test(
        "a name by --naming that platforms share is divided as a plain path is",
        arguments: ["{name}", "{file}", "{name}-{os}"]
    )
    func sharedNaming(template: String) throws {
        let source = template.hasSuffix("{os}") ? "tool-linux" : "tool"
        let plan = try PlanFixture.plan("FROM scratch\nCOPY \(source) /t", PlanFixture.tool()) {
            $0.naming = try NamingTemplate(parsing: template)
        }
        #expect(plan.files.map(\.name) == ["linux/amd64/\(source)", "linux/arm64/\(source)"])
        #expect(plan.files.map { "\($0.key.platform)" } == ["linux/amd64", "linux/arm64"])
        #expect(text(plan) == "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/\(source) /t")
    }

    @Test(
        "a variable that has one value for several platforms divides no context",
        arguments: [
            "FROM scratch\nARG TARGETPLATFORM=linux/amd64\nCOPY tool /",
            "ARG TARGETPLATFORM=linux/amd64\nFROM scratch\nCOPY tool /",
            "ARG TARGETPLATFORM=linux/amd64\nFROM scratch\nARG TARGETPLATFORM\nCOPY tool /",
            "FROM scratch\nARG TARGETPLATFORM\nENV TARGETPLATFORM linux/amd64\nCOPY tool /",
            "FROM scratch\nENV TARGETPLATFORM linux/amd64\nCOPY tool /",
        ]
    )
    func fixedVariable(text: String) throws {
        let kinds = [PlanProblem.Kind.notDivisible(source: "tool", variable: "linux/amd64")]
        #expect(try PlanFixture.problems(text, PlanFixture.tool()).map(\.kind) == kinds)
        // For one platform nothing needs to be divided.
        let one = try PlanFixture.problems(text, PlanFixture.tool()) {
            $0.platforms = [try Platform(parsing: "linux/arm64")]
        }
        #expect(one.isEmpty)
    }

    @Test("a value that is given for the variable divides no context")
    func givenVariable() throws {
        let problems = try PlanFixture.problems("FROM scratch\nARG TARGETPLATFORM\nCOPY tool /", PlanFixture.tool()) {
            $0.buildArguments.set("TARGETPLATFORM", to: "linux/arm64", for: nil)
        }
        #expect(problems.map(\.kind) == [.notDivisible(source: "tool", variable: "linux/arm64")])
    }

    @Test(
        "what would see the platform by the new ARG alone is refused",
        arguments: [
            ("FROM scratch\nCOPY tool /\nENV P=${TARGETPLATFORM:-unknown}", 3),
            ("FROM scratch AS x\nCOPY tool /\nFROM x\nLABEL p=$TARGETPLATFORM", 4),
            ("FROM scratch\nCOPY tool /$TARGETPLATFORM/", 2), ("FROM scratch\nCOPY tool $TARGETPLATFORM/ca.pem /", 2),
            ("FROM scratch\nARG TARGETPLATFORM\nCOPY tool /\nENV P=${TARGETPLATFORM:-unknown}", nil),
            ("FROM scratch\nCOPY tool /\nARG TARGETPLATFORM\nENV P=$TARGETPLATFORM", nil),
            ("FROM scratch AS x\nARG TARGETPLATFORM\nFROM x\nCOPY tool /$TARGETPLATFORM/\nENV P=$TARGETPLATFORM", nil),
            ("FROM scratch AS x\nCOPY tool /\nFROM scratch\nENV P=$TARGETPLATFORM\nCOPY --from=x / /", nil),
        ] as [(String, Int?)]
    )
    func seesTheVariable(text: String, line: Int?) throws {
        let releases = PlanFixture.releases([
            try PlanFixture.artifact("tool", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("tool", "1.0.0", "linux/arm64"),
            try PlanFixture.artifact("certs", "1.0.0", "any", fileName: "ca.pem"),
        ])
        #expect(try PlanFixture.problems(text, releases).map(\.lines.lowerBound) == [line].compactMap(\.self))
    }

    @Test func oneNameOfTwoFilesIsAnErrorOnlyWhereItIsAskedFor() throws {
        let releases = PlanFixture.releases([
            try PlanFixture.artifact("x/tool", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("y/tool", "2.0.0", "linux/amd64"),
        ])
        let shared = ["x/tool 1.0.0 linux/amd64", "y/tool 2.0.0 linux/amd64"]
        for source in ["tool", "tool-linux-amd64", "tool-*", ".", "linux/amd64/tool", "linux"] {
            let problems = try PlanFixture.problems("FROM scratch\nCOPY \(source) /", releases)
            guard case .sharedName(_, let files)? = problems.first?.kind else {
                Issue.record("\(source): \(problems)")
                continue
            }
            #expect(files.sorted() == shared)
        }
        #expect(try PlanFixture.problems("FROM scratch\nUSER 1", releases).isEmpty)
        let named = try PlanFixture.plan("FROM scratch\nCOPY tool1.0.0 /", releases) {
            $0.naming = try NamingTemplate(parsing: "{name}{version}")
        }
        #expect(named.files.map { "\($0.key)" } == ["x/tool 1.0.0 linux/amd64"])
    }

    @Test func aPatternThatWouldReachAnotherLinesFilesIsRefused() throws {
        let text = "FROM scratch\nCOPY * /all/\nCOPY linux/arm64/tool /one"
        #expect(
            try PlanFixture.problems(text, PlanFixture.tool()).map(\.kind) == [
                .reachesOther(source: "*", name: "linux/arm64/tool", line: 3)
            ]
        )
        #expect(try PlanFixture.problems("FROM scratch\nCOPY *-amd64 /all/\nCOPY tool /", PlanFixture.tool()).isEmpty)
    }

    @Test func aHereDocumentBesideASourceThatDiffersIsRefused() throws {
        let text = "FROM scratch\nCOPY tool <<x /\ny\nx\n"
        #expect(
            try PlanFixture.problems(text, PlanFixture.tool()).map(\.kind) == [.notRewritable(source: "tool")]
        )
    }

    private func text(_ plan: ContextPlan) -> String { String(decoding: plan.contextDockerfile, as: UTF8.self) }
}
