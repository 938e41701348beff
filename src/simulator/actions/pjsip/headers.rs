//! The headers of the lists of PJSIP, in the order of Asterisk 22.10, and the values that all phones share.

/// EndpointDetail, with the values of a phone that is configured by little more than its name.
pub(super) const ENDPOINT: &str = "\
    ObjectType:endpoint ObjectName RpidImmediate:false Webrtc:no Ignore183WithoutSdp:false SendAoc:false \
    DeviceStateBusyAt:0 T38UdptlMaxdatagram:0 CodecPrefsIncomingAnswer SecurityNegotiation:no DtlsRekey:0 RtpPortEnd:0 \
    NamedPickupGroup: DirectMediaMethod:invite SendRpid:false PickupGroup: SdpSession:Asterisk DtlsVerify:No \
    MessageContext: Tenantid: Mailboxes RecordOnFeature:automixmon DtlsPrivateKey: DtlsFingerprint:SHA-256 \
    OverlapContext: OutgoingCallOfferPref:remote_merge RtpPortStart:0 FromDomain: TimersSessExpires:1800 \
    NamedCallGroup: DtlsCipher: MediaEncryptionOptimistic:false SuppressQ850ReasonHeaders:false Aors=ObjectName \
    IdentifyBy:username,ip CalleridPrivacy:allowed_not_screened MwiSubscribeReplacesUnsolicited:no CosAudio:0 \
    FollowEarlyMediaFork:true Context:from-internal RtpSymmetric:false Transport: MohSuggest:default T38Udptl:false \
    FaxDetect:false T38BindUdptlToMediaAddress:false TosVideo:0 SrtpTag32:false ReferBlindProgress:true \
    MaxAudioStreams:1 Bundle:false UseAvpf:false CallGroup: SendConnectedLine:yes FaxDetectTimeout:0 SdpOwner:- \
    ForceRport:true CalleridTag: RtpTimeoutHold:0 SuppressMohOnSendonly:false UsePtime:false MediaAddress: \
    VoicemailExtension: RtpTimeout:0 StirShaken:no SetVar: ContactAcl: PreferredCodecOnly:false \
    GeolocOutgoingCallProfile: ForceAvp:false RecordOffFeature:automixmon FromUser: SendDiversion:true \
    SendHistoryInfo:false T38UdptlIpv6:false ToneZone: Language: AllowSubscribe:true RtpIpv6:false Callerid \
    MohPassthrough:false CosVideo:0 DtlsAutoGenerateCert:No AsymmetricRtpCodec:false GeolocIncomingCallProfile: \
    IceSupport:false AggregateMwi:true OneTouchRecording:false MwiFromUser: RedirectMethod:user Accountcode: \
    CodecPrefsOutgoingAnswer Allow:(ulaw|alaw) RewriteContact:false UserEqPhone:false RtpEngine:asterisk \
    FollowRedirectMethods: SubscribeContext: NotifyEarlyInuseRinging:false IncomingMwiMailbox: \
    IncomingCallOfferPref:local AllowUnauthenticatedOptions:false Auth=ObjectName DirectMediaGlareMitigation:none \
    TrustIdInbound:false StirShakenProfile: BindRtpToMediaAddress:false DisableDirectMediaOnNat:false \
    MediaEncryption:no MediaUseReceivedTransport:false AllowOverlap:true DtmfMode:rfc4733 OutboundAuth: TosAudio:0 \
    DtlsCertFile: DtlsCaPath: DtlsSetup:active ConnectedLineMethod:invite G726NonStandard:false 100rel:yes Timers:yes \
    DirectMedia:true Acl: TimersMinSe:90 TrustIdOutbound:false SubMinExpiry:0 RtcpMux:false MaxVideoStreams:1 \
    AcceptMultipleSdpAnswers:false CodecPrefsIncomingOffer CodecPrefsOutgoingOffer TrustConnectedLine:yes \
    SendPai:false RtpKeepalive:0 T38UdptlEc:none T38UdptlNat:false AllowTransfer:true DtlsCaFile: OutboundProxy: \
    InbandProgress:false DeviceState ActiveChannels";

/// AuthDetail.
pub(super) const AUTH: &str = "\
    ObjectType:auth ObjectName OauthSecret: PasswordDigest: SupportedAlgorithmsUas:MD5 RefreshToken: \
    Username=ObjectName Md5Cred: Realm: AuthType:userpass Password SupportedAlgorithmsUac:MD5 NonceLifetime:32 \
    OauthClientid: EndpointName=ObjectName";

/// AorList.
pub(super) const AOR: &str = "\
    ObjectType:aor ObjectName MinimumExpiration:60 DefaultExpiration:3600 QualifyTimeout:3.000000 Qualify2xxOnly:false \
    Mailboxes: SupportPath:false RemoveUnavailable:false VoicemailExtension: MaxContacts:1 AuthenticateQualify:false \
    Contacts MaximumExpiration:7200 QualifyFrequency:60 RemoveExisting:false OutboundProxy:";

/// AorDetail.
pub(super) const AOR_DETAIL: &str = "\
    ObjectType:aor ObjectName MinimumExpiration:60 DefaultExpiration:3600 QualifyTimeout:3.000000 Qualify2xxOnly:false \
    Mailboxes: SupportPath:false RemoveUnavailable:false VoicemailExtension: MaxContacts:1 AuthenticateQualify:false \
    Contacts MaximumExpiration:7200 QualifyFrequency:60 RemoveExisting:false OutboundProxy: TotalContacts:1 \
    ContactsRegistered:1 EndpointName=ObjectName";

/// ContactStatusDetail.
pub(super) const CONTACT: &str = "\
    AOR=ObjectName URI UserAgent RegExpire ViaAddress CallID Status:Reachable RoundtripUsec EndpointName=ObjectName ID \
    AuthenticateQualify:0 OutboundProxy: Path: QualifyFrequency:60 QualifyTimeout:3.000 Qualify2xxOnly:0";

/// ContactList.
pub(super) const CONTACT_ITEM: &str = "\
    ObjectType:contact ObjectName=ID ViaAddr QualifyTimeout:3.000000 Qualify2xxOnly:false CallId=CallID RegServer: \
    PruneOnBoot:no Path: Endpoint=ObjectName ViaPort:5060 AuthenticateQualify:no Uri=URI QualifyFrequency:60 UserAgent \
    ExpirationTime=RegExpire OutboundProxy: Status:Reachable RoundtripUsec";

/// EndpointList.
pub(super) const ENDPOINT_ITEM: &str = "\
    ObjectType:endpoint ObjectName Transport: Aor=ObjectName Auths=ObjectName OutboundAuths: Contacts=ContactList \
    DeviceState ActiveChannels";

/// OutboundRegistrationDetail.
pub(super) const REGISTRATION: &str = "\
    ObjectType:registration ObjectName:trunk MaxRetries:10 ClientUri:sip:office@sip.example.net SecurityNegotiation:no \
    AuthRejectionPermanent:true ServerUri:sip:sip.example.net MaxRandomInitialDelay:10 SupportPath:false \
    RetryInterval:60 ContactHeaderParams: Expiration:3600 Transport: Line:false ContactUser: Endpoint: UserAgent: \
    ForbiddenRetryInterval:0 OutboundAuth:trunk-auth OutboundProxy: FatalRetryInterval:0 SupportOutbound:no \
    Status:Registered NextReg";

/// AuthDetail of a registration.
pub(super) const REGISTRATION_AUTH: &str = "\
    ObjectType:auth ObjectName:trunk-auth OauthSecret: PasswordDigest: SupportedAlgorithmsUas:MD5 RefreshToken: \
    Username:office Md5Cred: Realm: AuthType:userpass Password SupportedAlgorithmsUac:MD5 NonceLifetime:32 \
    OauthClientid:";
