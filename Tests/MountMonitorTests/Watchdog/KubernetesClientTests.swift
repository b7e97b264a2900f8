import NIOCore
import TestSupport
import Testing

@testable import MountMonitor

/// The client against a TLS server of another make, with certificates made by openssl.
@Suite(.serialized) struct KubernetesClientTests {
    private static let forbidden = #"{"kind": "Status", "message": "pods \"plex-0\" is forbidden", "code": 403}"#

    @Test(
        "what the answer to a deletion means",
        arguments: [
            (200, "accepted"), (202, "accepted"), (404, "not found"), (409, "conflict"), (401, "failed"),
            (403, "failed"), (400, "failed"), (429, "failed"), (500, "failed"), (503, "failed"), (301, "failed"),
            (204, "failed"),
        ]
    )
    func deletions(status: Int, meaning: String) throws {
        let answer = FakeCluster.answer(Int64(status), KubernetesClientTests.forbidden)
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": answer]) { cluster, group in
            let outcome = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            let reason = "the API server answered \(status): pods \"plex-0\" is forbidden"
            switch outcome {
            case .accepted(let answered): #expect(meaning == "accepted" && answered == status)
            case .notFound(let text): #expect(meaning == "not found" && text == reason)
            case .conflict(let text): #expect(meaning == "conflict" && text == reason)
            case .failed(let failure):
                #expect(meaning == "failed" && failure.description.hasPrefix("the API server answered \(status)"))
                #expect(failure.isDenied == (status == 403) && failure.isAmbiguous == (status >= 500))
            }
        }
    }

    @Test(
        "what isn't the API's answer means nothing",
        arguments: [(200, ""), (200, "<html>"), (202, "{}"), (200, "[]"), (404, ""), (404, #"{"kind": "Page"}"#)]
    )
    func answersOfOthers(status: Int64, body: String) throws {
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": FakeCluster.answer(status, body)]) { cluster, group in
            guard case .failed = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait() else {
                Issue.record("\(status) \(body) was believed")
                return
            }
        }
    }

    @Test(
        "a deletion that gets no whole answer may be tried again",
        arguments: [
            ("reset", ["cut off", "reset"]), ("hang", ["did not answer within 500ms"]),
            ("slow-body", ["did not answer within 500ms"]), ("cut", ["cut off", "Eof", "eof"]),
            ("huge", ["longer than"]), ("garbage", ["can't be reached"]),
        ]
    )
    func brokenAnswers(mode: String, reasons: [String]) throws {
        let answer = FakeCluster.answer(200, mode: mode)
        // Where an answer comes, however late, its kind decides.
        let timeout: GoDuration = ["hang", "slow-body"].contains(mode) ? .milliseconds(500) : .seconds(300)
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": answer]) { cluster, group in
            let outcome = try cluster.client(group, timeout: timeout).deletePod(uid: nil, gracePeriod: nil).wait()
            guard case .failed(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(reasons.contains { failure.description.contains($0) }, "\(failure)")
            #expect(failure.isAmbiguous)
        }
    }

    @Test func anAPIServerThatIsNotThereIsAFailure() throws {
        try withCluster { cluster, group in
            cluster.stop()
            let outcome = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            #expect(outcome == .failed(.unreachable("connection refused")))
        }
    }

    @Test(
        "a certificate that is not the API server's is refused, and nothing is sent",
        arguments: [
            ("IP:127.0.0.1", "20200101000000Z 20200102000000Z", "expired"),
            ("IP:127.0.0.1", "20400101000000Z 20410101000000Z", "expired or is not signed"),
            ("IP:127.0.0.2,DNS:other", "", ""),
        ]
    )
    func badCertificates(names: String, validity: String, reason: String) throws {
        try withCluster(names: names, validity: validity) { cluster, group in
            guard case .failed(let message) = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            else {
                return #expect(Bool(false), "it was trusted")
            }
            #expect(message.description.contains(reason), "\(message)")
            #expect(try cluster.requests().isEmpty)
        }
    }

    @Test(
        "a failure of TLS is told in words, and not by the library's source file",
        arguments: [
            // The server's key can't be used with it.
            (
                "ciphers", "AES256-GCM-SHA384",
                "the TLS handshake failed: sslv3 alert handshake failure, handshake failure on client hello"
            ),
            ("plain", "", "the TLS handshake failed: wrong version number"),
        ]
    )
    func otherKindsOfTLS(file: String, content: String, reason: String) throws {
        try withCluster { cluster, group in
            cluster.stop()
            try cluster.write(file, content)
            try cluster.start()
            let outcome = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            #expect(outcome == .failed(.unreachable(reason)))
        }
    }

    @Test(
        "a token is what may stand in a header field, without the white space around it",
        arguments: [
            (" to k\r\n", "to k"), ("to\tk", "to\tk"), ("t\u{F6}k", nil), ("\u{A0}tok\u{85}", "tok"),
        ] as [(String, String?)]
    )
    func tokens(content: String, token: String?) throws {
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": FakeCluster.answer(200)]) { cluster, group in
            try cluster.write("token", content)
            _ = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            // Python's server reads header fields as ISO 8859-1.
            let sent = token ?? String(String.UnicodeScalarView(content.utf8.map { Unicode.Scalar($0) }))
            #expect(try cluster.requests().map { $0["token"] } == [.string(sent)])
        }
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() throws {
        try withCluster { cluster, group in
            try Shell.run(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out ca.crt "
                    + "-subj /CN=cluster-ca -days 30",
                in: cluster.directory
            )
            guard case .failed = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait() else {
                return #expect(Bool(false), "it was trusted")
            }
            #expect(try cluster.requests().isEmpty)
        }
    }

    @Test(
        "the API server may be at an IPv6 address or a name",
        arguments: ["::1", "[::1]", "::1%lo", "[::1%25lo]", "localhost"]
    )
    func addresses(host: String) throws {
        let listening = host == "localhost" ? "127.0.0.1" : "::1"
        let answers = ["DELETE \(FakeCluster.pod)": FakeCluster.answer(200, #"{"kind": "Pod"}"#)]
        try withCluster(host: listening, answers: answers) { cluster, group in
            let outcome = try cluster.client(group, host: host).deletePod(uid: nil, gracePeriod: nil).wait()
            #expect(outcome == .accepted(status: 200))
            let name = host.contains("::1") ? "[::1]" : host
            #expect(try cluster.requests().first?["host"] == .string("\(name):\(cluster.port)"))
        }
    }

    @Test(
        "while the authority is replaced, ca.crt holds two certificates of one name",
        arguments: [
            // Another key, and no subjectKeyIdentifier, as in authorities of before 2020.
            "openssl req -config ca.conf -x509 -nodes -subj /CN=cluster-ca -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                + "-keyout /dev/null -extensions authority -addext subjectKeyIdentifier=none -days 30 -out old.crt",
            // The same key, and expired.
            "openssl req -config ca.conf -new -key ca.key -subj /CN=cluster-ca -out old.csr "
                + "&& openssl ca -config ca.conf -batch -notext -selfsign -keyfile ca.key -in old.csr -out old.crt -extensions authority "
                + "-startdate 20200101000000Z -enddate 20210101000000Z",
        ],
        [true, false]
    )
    func oldAuthorities(make: String, isFirst: Bool) throws {
        let answers = ["GET \(FakeCluster.pod)": FakeCluster.answer(404, #"{"kind": "Status"}"#)]
        try withCluster(answers: answers) { cluster, group in
            let order = isFirst ? "old.crt ca.crt" : "ca.crt old.crt"
            try Shell.run("\(make) && cat \(order) > both.crt && mv both.crt ca.crt", in: cluster.directory)
            #expect(try cluster.client(group).lookUpPod().wait() == .gone)
            #expect(try cluster.requests().count == 1)
        }
    }

    @Test func aCertificateThatCannotBeReadHidesNoOther() throws {
        try withCluster(answers: ["GET \(FakeCluster.pod)": FakeCluster.answer(404, #"{"kind": "Status"}"#)]) {
            cluster,
            group in
            let good = try Shell.run("cat ca.crt", in: cluster.directory).text
            let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
            try cluster.write("ca.crt", "a comment\n" + bad + good + bad)
            #expect(try cluster.client(group).lookUpPod().wait() == .gone)
        }
    }

    @Test func theTokenIsReadAgainForEachRequest() throws {
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": FakeCluster.answer(200)]) { cluster, group in
            let client = try cluster.client(group)
            _ = try client.deletePod(uid: nil, gracePeriod: nil).wait()
            try cluster.write("token", "token-2")
            _ = try client.deletePod(uid: nil, gracePeriod: nil).wait()
            #expect(try cluster.requests().map { $0["token"] } == [.string("token-1"), .string("token-2")])
        }
    }

    @Test(
        "a service account that is broken is a failure with its file's name",
        arguments: [
            ("token", "", "token holds no token"), ("token", "a\nb", "token holds no token"),
            ("ca.crt", "", "ca.crt holds no certificates"), ("ca.crt", "nonsense", "ca.crt holds no certificates"),
        ]
    )
    func brokenAccount(file: String, content: String, reason: String) throws {
        try withCluster { cluster, group in
            try cluster.write(file, content)
            guard case .failed(let message) = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            else {
                return #expect(Bool(false), "it worked")
            }
            #expect(message.description.hasSuffix(reason))
        }
    }

    @Test(
        "what the answer to a look-up means",
        arguments: [
            (200, #"{"metadata": {"uid": "u"}}"#, PodFacts.present(Pod(uid: "u"))),
            (200, #"{"metadata": {"deletionTimestamp": null}}"#, .present(Pod())),
            (
                200, #"{"metadata": {"uid": "u", "deletionTimestamp": "2026-01-01T00:00:00Z"}}"#,
                .present(Pod(uid: "u", isTerminating: true))
            ),
            (
                200,
                #"{"metadata": {"uid": "u", "ownerReferences": [{"kind": "Node", "uid": "n"}, "#
                    + #"{"kind": "StatefulSet", "uid": "s", "controller": true}]}}"#,
                .present(Pod(uid: "u", controller: .init(kind: "StatefulSet", uid: "s")))
            ),
            (404, #"{"kind": "Status"}"#, .gone), (404, "", nil), (404, "{}", nil), (404, "<html>", nil),
            (200, "{}", nil), (200, "{\"metadata\"", nil), (200, "[]", nil), (500, "{}", nil),
            (403, "{}", nil),
        ] as [(Int64, String, PodFacts?)]
    )
    func lookUps(status: Int64, body: String, facts: PodFacts?) throws {
        try withCluster(answers: ["GET \(FakeCluster.pod)": FakeCluster.answer(status, body)]) { cluster, group in
            let future = try cluster.client(group).lookUpPod()
            if let facts {
                #expect(try future.wait() == facts)
            } else {
                #expect(throws: APIFailure.self) { _ = try future.wait() }
            }
        }
    }

    @Test(
        "what the answer to an access review means",
        arguments: [
            (201, #"{"status": {"allowed": true}}"#, true), (200, #"{"status": {"allowed": false}}"#, false),
            (201, #"{"status": {}}"#, nil), (201, "no", nil), (403, "{}", nil),
        ] as [(Int64, String, Bool?)]
    )
    func reviews(status: Int64, body: String, allowed: Bool?) throws {
        try withCluster(answers: ["POST \(FakeCluster.review)": FakeCluster.answer(status, body)]) { cluster, group in
            let future = try cluster.client(group).isAllowed(.deletePod)
            if let allowed {
                #expect(try future.wait() == allowed)
            } else {
                #expect(throws: APIFailure.self) { _ = try future.wait() }
            }
        }
    }

    @Test func requestsHaveTheShapeThatTheAPIWants() throws {
        let answers = [
            "POST \(FakeCluster.review)": FakeCluster.answer(201, #"{"status": {"allowed": true}}"#),
            "POST \(FakeCluster.events)": FakeCluster.answer(201), "DELETE \(FakeCluster.pod)": FakeCluster.answer(200),
        ]
        try withCluster(answers: answers) { cluster, group in
            let client = try cluster.client(group)
            _ = try client.isAllowed(.deletePod).wait()
            let event = PodEvent(
                kind: .warning,
                reason: "WatchdogRestart",
                message: "why" + String(repeating: "é", count: 1000),
                time: WallTime(seconds: TestClock.start),
                podUID: "u1",
                controllerUID: "rs-1"
            )
            try client.createEvent(event).wait()
            _ = try client.deletePod(uid: "u1", gracePeriod: nil).wait()
            _ = try client.isAllowed(.createEvents).wait()
            let bodies = try cluster.requests().map { request -> JSON in
                guard case .string(let body)? = request["body"] else { return .null }
                return try JSONTests.parse(body)
            }
            #expect(
                bodies[0]["spec"]?["resourceAttributes"]?.text
                    == #"{"verb":"delete","resource":"pods","namespace":"media","name":"plex-0"}"#
            )
            #expect(
                bodies[3]["spec"]?["resourceAttributes"]?.text
                    == #"{"verb":"create","resource":"events","namespace":"media"}"#
            )
            #expect(bodies[1]["reason"] == .string("WatchdogRestart") && bodies[1]["type"] == .string("Warning"))
            guard case .string(let message)? = bodies[1]["message"] else { return #expect(Bool(false), "no message") }
            #expect(message.hasPrefix("whyé") && message.hasSuffix("é…") && message.utf8.count <= 1024)
            #expect(
                bodies[1]["metadata"]?.text
                    == #"{"name":"mount-monitor.1767225600000000000","namespace":"media","#
                    + #""labels":{"mount-monitor.bindery.dev/controller-uid":"rs-1"}}"#
            )
            #expect(bodies[1]["source"]?["component"] == .string("mount-monitor-watchdog"))
            #expect(
                bodies[1]["involvedObject"]?.text
                    == #"{"apiVersion":"v1","kind":"Pod","name":"plex-0","namespace":"media","uid":"u1"}"#
            )
            // Without gracePeriodSeconds the pod's own holds.
            #expect(
                bodies[2].text == #"{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u1"}}"#
            )
        }
    }

    @Test(
        arguments: [("7", 7), ("100000", 100_000), ("Wed, 21 Oct 2020 07:28:00 GMT", 0), ("-1", 0), ("soon", nil)]
            as [(String, Int64?)]
    )
    func retryAfterIsRead(text: String, seconds: Int64?) throws {
        let answer = FakeCluster.answer(429, retryAfter: text)
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": answer]) { cluster, group in
            let outcome = try cluster.client(group).deletePod(uid: nil, gracePeriod: nil).wait()
            #expect(outcome == .failed(.status(429, message: "", retryAfter: seconds.map { .seconds($0) })))
        }
    }

    @Test func theGracePeriodIsSentWhereThereIsOne() throws {
        try withCluster(answers: ["DELETE \(FakeCluster.pod)": FakeCluster.answer(200)]) { cluster, group in
            _ = try cluster.client(group).deletePod(uid: nil, gracePeriod: 0).wait()
            let body = #"{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0}"#
            #expect(try cluster.requests().first?["body"] == .string(body))
        }
    }
}
