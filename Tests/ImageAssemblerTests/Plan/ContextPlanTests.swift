import ArtifactStore
import Dockerfile
import OCI
import Release
import Testing

@testable import ImageAssembler

@Suite struct ContextPlanTests {
    private let good = """
        FROM scratch
        ARG TARGETARCH
        COPY --chmod=755 tool-linux-${TARGETARCH} /tool
        """

    @Test func namesTheFilesOfAllPlatforms() throws {
        let plan = try PlanFixture.plan(good, PlanFixture.tool())
        #expect(plan.files.map(\.name) == ["tool-linux-amd64", "tool-linux-arm64"])
        #expect(plan.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(plan.warnings.isEmpty)
    }

    @Test(arguments: [
        ("the file", "COPY tool-linux-$TARGETARCH /tool"), ("a leading slash", "COPY /tool-linux-$TARGETARCH /"),
        ("the long way", "COPY ./x/../tool-linux-$TARGETARCH /"), ("a pattern", "COPY tool-*-$TARGETARCH /"),
        ("a set", "COPY tool-linu[a-z]-$TARGETARCH /"), ("JSON", #"COPY ["tool-linux-${TARGETARCH}", "/"]"#),
        ("ADD", "ADD tool-linux-$TARGETARCH /"), ("another name", "ENV A=$TARGETARCH\nCOPY tool-linux-$A /"),
        ("a default", "ARG N=tool\nCOPY ${N}-linux-$TARGETARCH /"), ("a here-document", "COPY <<x /\ny\nx"),
        ("a stage", "FROM scratch AS b\nCOPY --from=0 /x /"), ("an image", "COPY --from=busybox /bin/busybox /"),
    ])
    func sourcesInTheContextPass(label: String, line: String) throws {
        #expect(try PlanFixture.problems("FROM scratch\nARG TARGETARCH\n" + line, PlanFixture.tool()).isEmpty)
    }

    @Test(arguments: [
        (
            "COPY Dockerfile /",
            PlanProblem.Kind.missingFile(source: "Dockerfile", has: ["tool-linux-amd64", "tool-linux-arm64", "tool"])
        ),
        ("COPY lib* /", .missingFile(source: "lib*", has: ["tool-linux-amd64", "tool-linux-arm64", "tool"])),
        ("COPY tool[ /", .badPattern(source: "tool[")),
        ("COPY ../tool-linux-amd64 /", .escapes(source: "../tool-linux-amd64")),
        ("COPY x/../../y /", .escapes(source: "x/../../y")),
        ("RUN echo", .runs(nil)), ("ONBUILD COPY . /", .triggers),
        ("ADD https://example.org/x /", .fetches(source: "https://example.org/x")),
        ("ADD git@example.org:x.git /", .fetches(source: "git@example.org:x.git")),
        ("ADD git://example.org/x.git /", .fetches(source: "git://example.org/x.git")),
        ("COPY --from=later /x /", .missingFile(source: "", has: [])),
        ("COPY --from=3 /x /", .noStage("3")), ("COPY --from=self /x /", .noStage("self")),
        ("ENV A=${B?missing}", .invalid(.expansion(.required(name: "B", message: "missing")))),
    ])
    func whatDoesntFitIsNamedWithItsLine(line: String, kind: PlanProblem.Kind) throws {
        let problems = try PlanFixture.problems("FROM scratch AS self\n# c\n" + line, PlanFixture.tool())
        // An image of that name may well be there: the engine will tell.
        guard kind != .missingFile(source: "", has: []) else { return #expect(problems.isEmpty) }
        #expect(problems.map(\.kind) == [kind])
        #expect(problems.map(\.lines) == [3...3])
        #expect(problems.map(\.platforms) == [[]])
    }

    @Test("a file that another platform has is said to be that one's")
    func releasedElsewhere() throws {
        var releases = try PlanFixture.tool()
        let second = try PlanFixture.artifact("tool", "1.0.0", "linux/amd64", file: "toolctl", fileName: "toolctl")
        releases[second.key.release]?.append(second)
        // Another file, whose name ends as that one's does.
        let third = try PlanFixture.artifact("tool", "1.0.0", "linux/arm64", file: "sbin/toolctl", fileName: "toolctl")
        releases[third.key.release]?.append(third)
        let problems = try PlanFixture.problems("FROM scratch\nCOPY toolctl /", releases)
        #expect(
            problems.map { "\($0)" } == [
                "line 2, COPY (linux/arm64): 'toolctl' is released for linux/amd64 alone: put it for this platform, or give --platform"
            ]
        )
    }

    /// A context is as strict as a build where engines refuse the text, whatever the files are.
    @Test(arguments: [
        ("COPY --chmod=888 tool /", "--chmod=888 is not a mode"), ("COPY --chmod=${M:-99999} tool /", "99999"),
        ("ADD --chmod=u+q tool /", "u+q"), ("COPY --chmod=${M tool /", "lacks its '}'"),
        ("COPY --chown=${M tool /", "lacks its '}'"), ("COPY tool ${M", "lacks its '}'"),
        ("COPY --from=${S} /x /", "--from=${S}"), ("COPY --from=a$S /x /", "copy from that"),
        ("COPY --from=x/UPPER /x /", "base image 'x/UPPER'"), ("COPY --from=UPPER/x /x /", nil),
        ("ADD --checksum=sha256:0 tool /", "--checksum is for addresses"),
        ("STOPSIGNAL SIGFOO", "'SIGFOO' is not a signal"), ("STOPSIGNAL 0", "'0' is not a signal"),
        ("EXPOSE abc", "'abc' is not a port"), ("EXPOSE 80/http", "80/http"), ("EXPOSE 9-8", "9-8"),
        ("EXPOSE $P", nil), ("EXPOSE 65536", "65536"), ("VOLUME $V", "a mount point is empty"),
        ("USER ${U", "lacks its '}'"), ("WORKDIR ${W", "lacks its '}'"),
        ("FROM Upper", "base image 'Upper'"), ("FROM --platform=$NONE scratch", "is empty"),
        ("FROM --platform=linux/ scratch", "--platform"), ("COPY --chmod=u=rwX,go=rX tool /", nil),
        ("STOPSIGNAL SIGRTMIN+3", nil), ("EXPOSE 80 53/udp 8000-8010", nil), ("COPY --from=alpine:3 /x /", nil),
        // What a base sets may be all of it.
        ("FROM base\nEXPOSE $P\nVOLUME $V\nSTOPSIGNAL ${S:?none}\nENV A=${B:?none}\nWORKDIR ${W?}", nil),
        ("FROM base\nEXPOSE x$P\nEXPOSE xy", "'xy' is not a port"),
    ])
    func whatEnginesRefuseIsRefused(line: String, part: String?) throws {
        let problems = try PlanFixture.problems("FROM scratch\n" + line, PlanFixture.tool())
        guard let part else { return #expect(problems.isEmpty) }
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { "\($0)".contains(part) })
        let built = try PlanFixture.problems("FROM scratch\n" + line, PlanFixture.tool()) { $0.carriesOutRun = true }
        #expect(built == problems)
    }

    @Test(arguments: [
        "EXPOSE 127.0.0.1:80:80", "STOPSIGNAL 99", "ENV A=1\nARG A=2", "FROM --platform=linux scratch",
        "COPY --chmod=+tr tool /", "COPY --chown=1: tool /", "ARG U=app\nADD --chown=${U}: tool /",
    ])
    func whatEnginesReadDifferentlyIsWarnedOfInAContext(line: String) throws {
        let plan = try PlanFixture.plan("FROM scratch\n" + line, PlanFixture.tool())
        #expect(plan.warnings.filter(\.kind.isTakenByEngines).count == 1)
        let problems = try PlanFixture.problems("FROM scratch\n" + line, PlanFixture.tool()) { $0.carriesOutRun = true }
        #expect(problems.count == 1)
    }

    @Test func aFileOfAnotherPlatformIsRefusedForThatPlatformOnly() throws {
        let problems = try PlanFixture.problems("FROM scratch\nCOPY tool-linux-amd64 /tool", PlanFixture.tool())
        #expect(problems.map(\.kind) == [.wrongPlatform(file: "tool-linux-amd64", isFor: "linux/amd64")])
        #expect(problems.map { $0.platforms.map(\.description) } == [["linux/arm64"]])
        #expect("\(problems[0])".hasPrefix("line 2, COPY (linux/arm64): 'tool-linux-amd64' is for linux/amd64"))
        let directory = try PlanFixture.plan("FROM scratch\nCOPY . /", PlanFixture.tool())
        #expect(directory.warnings.count == 2)
    }

    @Test func allProblemsAreReportedInTheirOrder() throws {
        let text = "FROM scratch AS a\nCOPY x /\nRUN y\nFROM a\nCOPY z /\n"
        #expect(try PlanFixture.problems(text, PlanFixture.tool()).map(\.lines.lowerBound) == [2, 3, 5])
    }

    @Test func runningAndFetchingPassesWithAWarningWhenAllowed() throws {
        let text = "FROM scratch\nRUN x\nADD https://a/b /\nONBUILD RUN y"
        let plan = try PlanFixture.plan(text, PlanFixture.tool()) { $0.allowsRun = true }
        #expect(plan.warnings.map(\.kind) == [.runs(nil), .fetches(source: "https://a/b"), .triggers])
        let copied = try PlanFixture.problems("FROM scratch\nCOPY https://a/b /", PlanFixture.tool()) {
            $0.allowsRun = true
        }
        #expect(copied.count == 1)
    }

    @Test func variablesOfAnUnknownBaseAreLeftToTheEngine() throws {
        let text = "FROM debian AS b\nCOPY $FROM_BASE /\nFROM b\nCOPY ${ALSO} /"
        #expect(try PlanFixture.problems(text, PlanFixture.tool()).isEmpty)
        #expect(try PlanFixture.problems("FROM debian\nCOPY missing /", PlanFixture.tool()).count == 1)
    }

    @Test func buildArgumentsAndVariantsNameFiles() throws {
        let releases = try PlanFixture.tool(["linux/amd64", "linux/arm/v7"])
        let text = """
            ARG NAME
            FROM scratch
            ARG NAME
            ARG TARGETPLATFORM TARGETARCH TARGETVARIANT
            COPY ${NAME}-linux-${TARGETARCH}${TARGETVARIANT:+-$TARGETVARIANT} /
            """
        let plan = try PlanFixture.plan(text, releases) { $0.buildArguments = ["NAME": "tool"] }
        #expect(plan.files.map(\.name) == ["tool-linux-amd64", "tool-linux-arm-v7"])
    }

    @Test func onlyTheStagesThatTheTargetNeedsAreChecked() throws {
        let text = """
            FROM scratch AS base
            COPY tool /
            FROM scratch AS other
            RUN make
            COPY nothing /
            FROM base AS wanted
            COPY --from=0 /tool /copy
            FROM other
            COPY nothing /
            """
        let wanted = try PlanFixture.plan(text, PlanFixture.tool()) { $0.target = "WANTED" }
        #expect(wanted.files.map(\.name) == ["linux/amd64/tool", "linux/arm64/tool"])
        #expect(try PlanFixture.problems(text, PlanFixture.tool()) { $0.target = "2" }.isEmpty)
        #expect(try PlanFixture.problems(text, PlanFixture.tool()).map(\.lines.lowerBound) == [4, 5, 9])
        #expect {
            try PlanFixture.plan(text, PlanFixture.tool()) { $0.target = "none" }
        } throws: { error in
            "\(error)" == "Dockerfile.release has no stage 'none'; it has base, other, wanted"
        }
    }

    @Test func aBuildArgumentMayBeForOnePlatform() throws {
        let text = "FROM scratch\nARG ARCH\nCOPY tool-linux-$ARCH /"
        let plan = try PlanFixture.plan(text, PlanFixture.tool()) { options in
            options.buildArguments = ["ARCH": "amd64"]
            options.buildArguments.set("ARCH", to: "arm64", for: try Platform(parsing: "linux/arm64"))
        }
        #expect(plan.files.map(\.name) == ["tool-linux-amd64", "tool-linux-arm64"])
        #expect(ContextPlan.unused(["ARCH": "", "ARHC": ""], in: plan.dockerfile) == ["ARHC"])
    }

    @Test func aFixedPlatformOfTheTargetsBaseIsWarnedOf() throws {
        let text = "FROM --platform=linux/amd64 scratch AS a\nFROM --platform=$TARGETPLATFORM scratch\n"
        #expect(try PlanFixture.plan(text, PlanFixture.tool()).warnings.isEmpty)
        let warned = try PlanFixture.plan(text, PlanFixture.tool()) { $0.target = "a" }
        #expect(warned.warnings.map(\.kind) == [.fixedPlatform("linux/amd64")])
    }

    @Test func everyReleaseHasEveryPlatformUnlessNarrowed() throws {
        let releases = PlanFixture.releases([
            try PlanFixture.artifact("a", "1.0.0", "linux/amd64"),
            try PlanFixture.artifact("a", "1.0.0", "linux/arm64"),
            try PlanFixture.artifact("b", "2.0.0", "linux/amd64"),
            try PlanFixture.artifact("c", "1.0.0", "any", fileName: "ca.pem", mode: 0o644),
        ])
        let text = "FROM scratch\nARG TARGETARCH\nCOPY a-linux-$TARGETARCH b-linux-$TARGETARCH ca.pem /"
        #expect {
            try PlanFixture.plan(text, releases)
        } throws: { error in
            guard case AssemblerError.missingPlatform(let release, "linux/arm64", ["linux/amd64"]) = error else {
                return false
            }
            return release.description == "b@2.0.0"
        }
        let platform = try Platform(parsing: "linux/amd64")
        let plan = try PlanFixture.plan(text, releases) { $0.platforms = [platform] }
        #expect(plan.files.map(\.name) == ["a-linux-amd64", "b-linux-amd64", "ca.pem"])
    }

    @Test func filesForAnyPlatformAloneAreAContext() throws {
        let releases = PlanFixture.releases([try PlanFixture.artifact("ca", "1.0.0", "any", fileName: "ca.pem")])
        #expect(try PlanFixture.plan("FROM scratch\nCOPY ca.pem /", releases).platforms.isEmpty)
        #expect(try PlanFixture.problems("FROM scratch\nCOPY cb.pem /", releases).count == 1)
    }

    @Test func aDockerfileThatDoesntParseIsNamed() throws {
        #expect {
            try PlanFixture.plan("FROM scratch\nCPY a b", PlanFixture.tool())
        } throws: { error in
            "\(error)".contains(
                "Dockerfile.release can't be read as a Dockerfile\n  Dockerfile, line 2: there is no instruction 'CPY'"
            )
        }
    }

    @Test(
        "A variable that nothing declares is a warning",
        arguments: [
            ("LABEL v=$VERSION", ["VERSION"]), ("LABEL v='$VERSION'", []), ("ARG VERSION\nLABEL v=$VERSION", []),
            ("LABEL v=${VERSION:-1}", []), ("LABEL v=${VERSION#v}", ["VERSION"]), ("ENV A=1\nLABEL v=$A", []),
            ("ENV PATH=$PATH:/x", []), ("CMD [\"$HOME\"]", []), ("USER $UID", ["UID"]),
            ("FROM scratch AS b\nLABEL v=$VERSION", ["VERSION"]),
            // A base may set any but those that are arguments.
            ("FROM base\nLABEL v=$VERSION", []), ("FROM base\nLABEL v=$TARGETARCH", ["TARGETARCH"]),
        ]
    )
    func undeclaredVariablesAreReported(_ text: String, _ names: [String]) throws {
        let plan = try PlanFixture.plan("FROM scratch\n" + text, PlanFixture.tool())
        #expect(plan.warnings.map(\.kind) == names.map { .undeclared($0) })
    }

    @Test("Where only the ARG of $TARGETPLATFORM is missing, the context's Dockerfile gets it, and no second prefix")
    func theMissingDeclarationIsAdded() throws {
        let files = ["linux/amd64", "linux/arm64"]
        let plan = try PlanFixture.plan("FROM scratch\nCOPY $TARGETPLATFORM/tool /", PlanFixture.tool(files))
        let text = String(decoding: plan.contextDockerfile, as: UTF8.self)
        #expect(text == "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /")
    }
}
