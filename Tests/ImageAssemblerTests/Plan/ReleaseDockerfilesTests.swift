import ArtifactStore
import Testing

@testable import ImageAssembler

/// Dockerfiles of the shapes that projects have for their releases: each is accepted as it is written, for both platforms.
///
/// The release has a program for two platforms, a second one beside it, and files for any platform.
@Suite struct ReleaseDockerfilesTests {
    private static func artifacts() throws -> [Artifact] {
        try ["linux/amd64", "linux/arm64"].flatMap { platform in
            [
                try PlanFixture.artifact("team/tool", "1.0.0", platform),
                try PlanFixture.artifact("team/tool", "1.0.0", platform, file: "toolctl"),
            ]
        } + [
            try PlanFixture.artifact("team/tool", "1.0.0", "any", file: "docker/entrypoint.sh"),
            try PlanFixture.artifact("team/tool", "1.0.0", "any", file: "LICENSE", mode: 0o644),
            try PlanFixture.artifact("team/tool", "1.0.0", "any", file: "etc/tool.yaml", mode: 0o644),
            try PlanFixture.artifact("team/tool", "1.0.0", "any", file: "etc/rules/a.yaml", mode: 0o644),
        ]
    }

    @Test(arguments: [
        "FROM scratch\nCOPY tool /\nENTRYPOINT [\"/tool\"]",
        "FROM scratch\nARG TARGETARCH\nCOPY tool-linux-${TARGETARCH} /tool",
        "FROM scratch\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /usr/bin/",
        "FROM gcr.io/distroless/static:nonroot\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM/tool /usr/bin/tool\nUSER nonroot",
        "FROM alpine:3.20\nCOPY tool /usr/local/bin/tool\nENTRYPOINT [\"tool\"]",
        "FROM alpine\nCOPY tool toolctl /usr/local/bin/\nCMD [\"tool\", \"serve\"]",
        "FROM alpine\nCOPY tool LICENSE /app/\nWORKDIR /app",
        "FROM alpine\nCOPY docker/entrypoint.sh /entrypoint.sh\nCOPY tool /tool\nENTRYPOINT [\"/entrypoint.sh\"]",
        "FROM alpine\nCOPY etc /etc/tool\nCOPY tool /tool",
        "FROM alpine\nCOPY etc/rules/*.yaml /rules/\nCOPY tool /tool",
        "FROM alpine\nCOPY ./tool ./LICENSE /",
        "FROM alpine\nADD tool /tool",
        "ARG BASE=alpine:3.20\nFROM ${BASE}\nCOPY tool /tool",
        "FROM alpine AS base\nRUN mkdir -p /data\nFROM base\nCOPY tool /tool\nVOLUME /data",
        "FROM alpine AS certs\nRUN apk add ca-certificates\nFROM scratch\nCOPY tool /tool",
        "FROM alpine AS certs\nFROM scratch\nCOPY --from=certs /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY tool /",
        "FROM alpine\nRUN adduser -D -u 1000 app\nCOPY --chown=app:app tool /tool\nUSER app",
        "FROM alpine\nRUN addgroup -S app && adduser -S -G app app\nCOPY tool /tool\nUSER app",
        "FROM alpine\nARG UID=1000\nRUN adduser -D -u ${UID} app && mkdir /data && chown app:app /data\nCOPY tool /",
        "FROM debian:bookworm-slim\nRUN groupadd -r app && useradd -r -g app -d /app -s /usr/sbin/nologin app\nCOPY tool /",
        "FROM debian:12\nRUN set -eux; \\\n    mkdir -p /var/lib/tool; \\\n    chown 1000:1000 /var/lib/tool\nCOPY tool /",
        "FROM debian:12\nCOPY tool /usr/bin/tool\nRUN chmod +x /usr/bin/tool",
        "FROM debian:12\nCOPY tool /usr/bin/tool\nRUN setcap cap_net_bind_service=+ep /usr/bin/tool",
        "FROM busybox\nRUN ln -s /tool /bin/t && touch /etc/tool.conf\nCOPY tool /tool",
        "FROM alpine\nRUN echo 'hosts: files dns' > /etc/nsswitch.conf\nCOPY tool /tool",
        "FROM alpine\nRUN printf \"a=1\\nb=2\\n\" > /etc/tool.conf && chmod 600 /etc/tool.conf\nCOPY tool /",
        "FROM alpine\n# a comment\nRUN mkdir -p /a \\\n    # and another\n    && rm -rf /var/cache/apk /tmp/x\nCOPY tool /",
        "FROM alpine\nRUN install -d -m 0755 -o 1000 -g 1000 /data\nCOPY --chmod=755 tool /tool",
        "FROM scratch\nCOPY <<EOF /etc/passwd\nnobody:x:65534:65534::/:\nEOF\nCOPY tool /\nUSER 65534",
        "FROM scratch AS debug\nCOPY toolctl /\nFROM scratch\nCOPY tool /\nLABEL a=b\nEXPOSE 80\nHEALTHCHECK CMD [\"/tool\"]",
    ])
    func areAcceptedAsWritten(text: String) throws {
        let plan = try PlanFixture.plan(text, PlanFixture.releases(Self.artifacts())) { $0.carriesOutRun = true }
        #expect(plan.platforms.count == 2)
        #expect(plan.warnings.isEmpty)
    }

    @Test(arguments: [
        ("RUN apk add --no-cache ca-certificates tzdata", "certificates"),
        ("RUN apk add curl", "would install packages"),
        ("RUN apt-get update && apt-get install -y ca-certificates && rm -rf /var/lib/apt/lists/*", "certificates"),
        ("RUN wget https://example.org/x", "put the file in the store"),
        ("RUN go build ./...", "where the binary is built"),
        ("RUN tar xzf /tool.tar.gz -C /usr/bin", "ADD unpacks"), ("RUN unzip /tool.zip", "--unpack"),
        ("RUN ls -la /usr/bin", "leave it out"),
        ("RUN [[ -f /x ]] || true", "needs a shell"),
        ("RUN if true; then mkdir /a; fi; sed -i s/a/b/ /x", "would run code"),
        ("RUN mkdir /a | cat", "a pipe"),
        ("RUN --mount=type=cache,target=/x mkdir /a", "--mount"),
        ("RUN [\"/tool\", \"init\"]", "would run code"), ("RUN []", "its list is empty"),
        ("RUN chmod 755 /usr/bin/[a-z]*", "a pattern"),
    ])
    func whatIsRefusedSaysWhatToDo(line: String, advice: String) throws {
        do {
            _ = try PlanFixture.plan("FROM alpine\n\(line)\nCOPY none /", PlanFixture.releases(Self.artifacts())) {
                $0.carriesOutRun = true
            }
            Issue.record("\(line) was accepted")
        } catch let error as AssemblerError {
            #expect("\(error)".contains(advice), "\(error)")
            // All problems of a file come in one go.
            #expect("\(error)".contains("line 3, COPY"))
        }
    }
}
