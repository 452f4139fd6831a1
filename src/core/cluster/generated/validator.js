// Generated from schemas/cluster.k3s.schema.json by scripts/generate.mjs; change the schema instead.
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: !0 });
    function ucs2length(str) {
      let len = str.length, length = 0, pos = 0, value;
      for (; pos < len; )
        length++, value = str.charCodeAt(pos++), value >= 55296 && value <= 56319 && pos < len && (value = str.charCodeAt(pos), (value & 64512) === 56320 && pos++);
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

var validate = validate21, stdin_default = validate21, schema6 = { type: "object", additionalProperties: !1, required: ["apiVersion", "kind", "metadata", "servers"], properties: { apiVersion: { type: "string", enum: ["k3s-ha/v1"] }, kind: { type: "string", enum: ["Cluster"] }, metadata: { type: "object", additionalProperties: !1, required: ["name"], properties: { name: { type: "string", pattern: "^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$", maxLength: 63 } } }, k3s: { type: "object", additionalProperties: !1, properties: { version: { type: "string" }, channel: { type: "string" }, install: { type: "object", additionalProperties: !1, properties: { method: { type: "string", enum: ["script", "airgap", "preinstalled"] }, binary: { type: "string", enum: ["download", "upload"] }, scriptUrl: { type: "string", pattern: "^(https?://\\S+|(\\.{1,2}[/\\\\]|~[/\\\\]|/(?!/)|[A-Za-z]:[/\\\\]).+)$" }, scriptSha256: { type: "string", pattern: "^[0-9a-fA-F]{64}$" }, env: { type: "object", propertyNames: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, properties: { INSTALL_K3S_MIRROR: { type: ["string", "number", "boolean"] }, INSTALL_K3S_ARTIFACT_URL: { type: ["string", "number", "boolean"] }, INSTALL_K3S_CHANNEL_URL: { type: ["string", "number", "boolean"] }, INSTALL_K3S_BIN_DIR: { type: ["string", "number", "boolean"] }, INSTALL_K3S_SYSTEMD_DIR: { type: ["string", "number", "boolean"] }, INSTALL_K3S_SYMLINK: { type: ["string", "number", "boolean"] }, INSTALL_K3S_SELINUX_WARN: { type: ["string", "number", "boolean"] }, INSTALL_K3S_SKIP_SELINUX_RPM: { type: ["string", "number", "boolean"] }, HTTP_PROXY: { type: ["string", "number", "boolean"] }, HTTPS_PROXY: { type: ["string", "number", "boolean"] }, NO_PROXY: { type: ["string", "number", "boolean"] }, CONTAINERD_HTTPS_PROXY: { type: ["string", "number", "boolean"] } }, additionalProperties: { type: ["string", "number", "boolean"] } }, artifacts: { type: "string" }, uploadLimit: { type: "string", pattern: "^(?:[1-9][0-9]*(?:\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)[kMG]B/s$" } } }, upgrade: { type: "object", additionalProperties: !1, properties: { drain: { type: "boolean" }, drainTimeout: { type: "string", pattern: "^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$" }, emptyDir: { type: "string", enum: ["delete", "keep"] }, unmanagedPods: { type: "string", enum: ["refuse", "delete"] }, agentsAtOnce: { type: ["string", "integer"], minimum: 1, maximum: 5e3, pattern: "^(?:[1-9][0-9]{0,3}|[1-9][0-9]?%|100%)$" }, snapshotFirst: { type: "boolean" } } } } }, loadBalancer: { oneOf: [{ $ref: "#/definitions/externalLoadBalancer" }, { $ref: "#/definitions/installedLoadBalancer" }, { $ref: "#/definitions/kubeVipLoadBalancer" }], type: "object", discriminator: { propertyName: "type" }, required: ["type"] }, datastore: { oneOf: [{ $ref: "#/definitions/embeddedEtcd" }, { $ref: "#/definitions/mysqlDatastore" }, { $ref: "#/definitions/postgresDatastore" }, { $ref: "#/definitions/etcdDatastore" }, { $ref: "#/definitions/natsDatastore" }, { $ref: "#/definitions/sqliteDatastore" }], type: "object", discriminator: { propertyName: "type" }, required: ["type"] }, registries: { type: "object", additionalProperties: !1, properties: { file: { type: "string" }, mirrors: { type: "object", additionalProperties: { $ref: "#/definitions/registryMirror" } }, configs: { type: "object", additionalProperties: { $ref: "#/definitions/registryConfig" } } } }, manifests: { type: "array", items: { type: "string", pattern: "^(?:[^*?]*[/\\\\])?[^/\\\\]*\\.(?:ya?ml|json|skip)$" } }, deleteManifests: { type: "array", items: { type: "string", pattern: "^[^/\\\\*?]+\\.(?:ya?ml|json)$" } }, files: { $ref: "#/definitions/hostFiles" }, hosts: { type: "object", additionalProperties: !1, properties: { firewall: { type: "string", enum: ["tell", "manage"] } } }, hooks: { type: "array", items: { $ref: "#/definitions/hook" } }, token: { type: "string" }, ssh: { $ref: "#/definitions/ssh" }, servers: { type: "object", additionalProperties: !1, required: ["nodes"], properties: { config: { $ref: "#/definitions/serverConfig" }, files: { $ref: "#/definitions/hostFiles" }, nodes: { type: "array", minItems: 1, items: { $ref: "#/definitions/serverNode" } } } }, agents: { type: "object", additionalProperties: !1, properties: { config: { $ref: "#/definitions/agentConfig" }, files: { $ref: "#/definitions/hostFiles" }, nodes: { type: "array", items: { $ref: "#/definitions/agentNode" } } } } }, definitions: { ssh: { type: "object", additionalProperties: !1, properties: { user: { type: "string" }, port: { type: "integer", minimum: 1, maximum: 65535 }, identityFile: { type: ["string", "array"], items: { type: "string" } }, client: { type: "string", enum: ["auto", "builtin", "openssh"] }, proxyJump: { type: "string" }, knownHostsFile: { type: "string" }, password: { type: "string" }, passphrase: { type: "string" }, sudoPassword: { type: "string" } } }, fixedAddress: { type: "string", pattern: "^[A-Za-z0-9._:-]+$" }, fixedPort: { type: "integer", minimum: 1, maximum: 65535 }, tlsServerName: { type: "string" }, externalLoadBalancer: { type: "object", additionalProperties: !1, required: ["address", "type"], properties: { type: { type: "string", enum: ["external", "dns"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, nodes: { type: "array", items: { type: "string" }, maxItems: 0 }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } }, installedLoadBalancer: { type: "object", additionalProperties: !1, required: ["address", "type", "nodes"], properties: { type: { type: "string", enum: ["haproxy", "nginx"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, interface: { type: "string", pattern: "^[A-Za-z0-9_.:-]{1,15}$" }, nodes: { type: "array", items: { $ref: "#/definitions/balancerNode" }, minItems: 1 }, vrrp: { $ref: "#/definitions/vrrp" }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } }, formerBalancers: { type: "array", items: { $ref: "#/definitions/balancerNode" } }, balancerNode: { type: ["string", "object"], pattern: "^[^\\s/@]+$", additionalProperties: !1, required: ["host"], properties: { host: { type: "string", pattern: "^[^\\s/@]+$" }, name: { type: "string" }, zone: { type: "string" }, ssh: { $ref: "#/definitions/ssh" } } }, vrrp: { type: "object", additionalProperties: !1, properties: { routerId: { type: "integer", minimum: 1, maximum: 255 }, password: { type: "string" } } }, kubeVipLoadBalancer: { type: "object", additionalProperties: !1, required: ["address", "type"], properties: { type: { type: "string", enum: ["kube-vip"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, nodes: { type: "array", items: { type: "string" }, maxItems: 0 }, interface: { type: "string", pattern: "^[A-Za-z0-9_.:-]{1,15}$" }, image: { type: "string", pattern: "^[a-z0-9][A-Za-z0-9._/-]*(:[0-9]+/[A-Za-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$" }, bgp: { $ref: "#/definitions/bgp" }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } }, bgp: { type: "object", additionalProperties: !1, required: ["as", "peers"], properties: { as: { type: "integer", minimum: 1, maximum: 4294967295 }, peers: { type: "array", items: { $ref: "#/definitions/bgpPeer" }, minItems: 1 } } }, bgpPeer: { type: "object", additionalProperties: !1, required: ["address", "as"], properties: { address: { type: "string", pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$" }, as: { type: "integer", minimum: 1, maximum: 4294967295 }, multihop: { type: "boolean" } } }, embeddedEtcd: { type: "object", additionalProperties: !1, required: ["type"], properties: { type: { type: "string", enum: ["embedded-etcd"] } } }, mysqlDatastore: { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["mysql"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } }, postgresDatastore: { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["postgres"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } }, etcdDatastore: { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["etcd"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } }, natsDatastore: { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["nats"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } }, sqliteDatastore: { type: "object", additionalProperties: !1, required: ["type"], properties: { type: { type: "string", enum: ["sqlite"] } } }, serverNode: { type: "object", additionalProperties: !1, required: ["host"], properties: { host: { type: "string", pattern: "^[^\\s/@]+$" }, name: { type: "string" }, zone: { type: "string" }, ssh: { $ref: "#/definitions/ssh" }, config: { $ref: "#/definitions/serverConfig" }, files: { $ref: "#/definitions/hostFiles" } } }, agentNode: { type: "object", additionalProperties: !1, required: ["host"], properties: { host: { type: "string", pattern: "^[^\\s/@]+$" }, name: { type: "string" }, zone: { type: "string" }, ssh: { $ref: "#/definitions/ssh" }, config: { $ref: "#/definitions/agentConfig" }, files: { $ref: "#/definitions/hostFiles" } } }, hostFiles: { type: "array", items: { $ref: "#/definitions/hostFile" } }, hostFile: { type: "object", additionalProperties: !1, required: ["from", "to"], properties: { from: { type: "string" }, to: { type: "string", pattern: "^(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._@%+,~-]+)+$" }, mode: { type: "string", pattern: "^0?[0-7]{3}$" }, owner: { type: "string", pattern: "^[a-z_0-9][a-z0-9_-]*:[a-z_0-9][a-z0-9_-]*$" }, restart: { type: "boolean" } } }, hook: { type: "object", additionalProperties: !1, required: ["when", "run"], properties: { when: { type: "string", enum: ["before apply", "after apply", "before node-upgrade", "after node-upgrade", "before node-remove", "after node-remove"] }, run: { type: "string" }, on: { type: "string", enum: ["host", "here"] }, timeout: { type: "string", pattern: "^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$" } } }, registryMirror: { type: ["object", "null"], additionalProperties: !1, properties: { endpoint: { type: "array", items: { type: "string" } }, rewrite: { type: "object", additionalProperties: { type: "string" } } } }, registryConfig: { type: "object", additionalProperties: !1, properties: { auth: { type: "object", additionalProperties: !1, properties: { username: { type: "string" }, password: { type: "string" }, auth: { type: "string" }, identity_token: { type: "string" } } }, tls: { type: "object", additionalProperties: !1, properties: { ca_file: { type: "string" }, cert_file: { type: "string" }, key_file: { type: "string" }, insecure_skip_verify: { type: "boolean" } } } } }, serverConfig: { type: "object", additionalProperties: !1, patternProperties: { "^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)\\+$": { $ref: "#/definitions/appendedList" }, "^(?:config|vmodule|log|bind-address|apiserver-bind-address|advertise-address|data-dir|cluster-domain|servicelb-namespace|write-kubeconfig|write-kubeconfig-group|write-kubeconfig-name|helm-job-image|token|token-file|agent-token|agent-token-file|server|cluster-reset-restore-path|datastore-endpoint|datastore-cafile|datastore-certfile|datastore-keyfile|etcd-snapshot-name|etcd-snapshot-schedule-cron|etcd-snapshot-dir|etcd-s3-endpoint|etcd-s3-endpoint-ca|etcd-s3-access-key|etcd-s3-secret-key|etcd-s3-session-token|etcd-s3-bucket|etcd-s3-region|etcd-s3-folder|etcd-s3-proxy|etcd-s3-config-secret|default-local-storage-path|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|system-default-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$": { type: "string" }, "^(?:debug|alsologtostderr|tls-san-security|flannel-ipv6-masq|flannel-external-ip|cluster-init|cluster-reset|kine-tls|etcd-expose-metrics|etcd-disable-snapshots|etcd-snapshot-compress|etcd-s3|etcd-s3-skip-ssl-verify|etcd-s3-insecure|disable-scheduler|disable-cloud-controller|disable-kube-proxy|disable-network-policy|disable-helm-controller|disable-apiserver|disable-controller-manager|disable-etcd|embedded-registry|supervisor-metrics|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|secrets-encryption|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-agent)$": { type: "boolean" }, "^(?:v|etcd-snapshot-retention)$": { type: "integer", minimum: 0 }, "^(?:https-listen-port|lb-server-port)$": { type: "integer", minimum: 1, maximum: 65535 }, "^(?:supervisor-port|apiserver-port|advertise-port)$": { type: "integer", minimum: 0, maximum: 65535 }, "^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)$": { type: ["string", "array"], items: { type: "string" } }, "^(?:service-node-port-range)$": { type: "string", pattern: "^\\d+-\\d+$" }, "^(?:flannel-backend)$": { type: "string", enum: ["none", "vxlan", "host-gw", "wireguard-native"] }, "^(?:egress-selector-mode)$": { type: "string", enum: ["agent", "cluster", "pod", "disabled"] }, "^(?:write-kubeconfig-mode)$": { type: ["string", "integer"] }, "^(?:etcd-snapshot-reconcile-interval|etcd-s3-timeout)$": { type: "string", pattern: "^(?:\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|h))+$" }, "^(?:etcd-s3-bucket-lookup-type)$": { type: "string", enum: ["auto", "dns", "path"] }, "^(?:etcd-s3-retention)$": { type: "integer", minimum: 1 }, "^(?:secrets-encryption-provider)$": { type: "string", enum: ["aescbc", "secretbox"] } } }, agentConfig: { type: "object", additionalProperties: !1, patternProperties: { "^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)\\+$": { $ref: "#/definitions/appendedList" }, "^(?:config|vmodule|log|bind-address|data-dir|token|token-file|server|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$": { type: "string" }, "^(?:debug|alsologtostderr|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-apiserver-lb)$": { type: "boolean" }, "^(?:v)$": { type: "integer", minimum: 0 }, "^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)$": { type: ["string", "array"], items: { type: "string" } }, "^(?:lb-server-port)$": { type: "integer", minimum: 1, maximum: 65535 } } }, appendedList: { type: ["string", "array"], items: { type: "string" } } } }, func2 = Object.prototype.hasOwnProperty, func3 = require_ucs2length().default, pattern0 = new RegExp("^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$", "u"), pattern1 = new RegExp("^(https?://\\S+|(\\.{1,2}[/\\\\]|~[/\\\\]|/(?!/)|[A-Za-z]:[/\\\\]).+)$", "u"), pattern2 = new RegExp("^[0-9a-fA-F]{64}$", "u"), pattern3 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u"), pattern4 = new RegExp("^(?:[1-9][0-9]*(?:\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)[kMG]B/s$", "u"), pattern5 = new RegExp("^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$", "u"), pattern6 = new RegExp("^(?:[1-9][0-9]{0,3}|[1-9][0-9]?%|100%)$", "u"), pattern14 = new RegExp("^(?:[^*?]*[/\\\\])?[^/\\\\]*\\.(?:ya?ml|json|skip)$", "u"), pattern15 = new RegExp("^[^/\\\\*?]+\\.(?:ya?ml|json)$", "u"), schema7 = { type: "object", additionalProperties: !1, required: ["address", "type"], properties: { type: { type: "string", enum: ["external", "dns"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, nodes: { type: "array", items: { type: "string" }, maxItems: 0 }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } };
var pattern7 = new RegExp("^[A-Za-z0-9._:-]+$", "u");
function validate23(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data == "string") {
    if (!pattern7.test(data)) {
      let err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9._:-]+$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    let err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate23.errors = vErrors, errors === 0;
}
function validate25(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (!(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "integer" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "number" && isFinite(data)) {
    if (data > 65535 || isNaN(data)) {
      let err1 = { instancePath, schemaPath: "#/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data < 1 || isNaN(data)) {
      let err2 = { instancePath, schemaPath: "#/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
  }
  return validate25.errors = vErrors, errors === 0;
}
var schema11 = { type: ["string", "object"], pattern: "^[^\\s/@]+$", additionalProperties: !1, required: ["host"], properties: { host: { type: "string", pattern: "^[^\\s/@]+$" }, name: { type: "string" }, zone: { type: "string" }, ssh: { $ref: "#/definitions/ssh" } } }, pattern8 = new RegExp("^[^\\s/@]+$", "u"), schema12 = { type: "object", additionalProperties: !1, properties: { user: { type: "string" }, port: { type: "integer", minimum: 1, maximum: 65535 }, identityFile: { type: ["string", "array"], items: { type: "string" } }, client: { type: "string", enum: ["auto", "builtin", "openssh"] }, proxyJump: { type: "string" }, knownHostsFile: { type: "string" }, password: { type: "string" }, passphrase: { type: "string" }, sudoPassword: { type: "string" } } };
function validate29(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!func2.call(schema12.properties, key0)) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.user !== void 0 && typeof data.user != "string") {
      let err1 = { instancePath: instancePath + "/user", schemaPath: "#/properties/user/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.port !== void 0) {
      let data1 = data.port;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1))) {
        let err2 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 65535 || isNaN(data1)) {
          let err3 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data1 < 1 || isNaN(data1)) {
          let err4 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      }
    }
    if (data.identityFile !== void 0) {
      let data2 = data.identityFile;
      if (typeof data2 != "string" && !Array.isArray(data2)) {
        let err5 = { instancePath: instancePath + "/identityFile", schemaPath: "#/properties/identityFile/type", keyword: "type", params: { type: schema12.properties.identityFile.type } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
      if (Array.isArray(data2)) {
        let len0 = data2.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (typeof data2[i0] != "string") {
            let err6 = { instancePath: instancePath + "/identityFile/" + i0, schemaPath: "#/properties/identityFile/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
      }
    }
    if (data.client !== void 0) {
      let data4 = data.client;
      if (typeof data4 != "string") {
        let err7 = { instancePath: instancePath + "/client", schemaPath: "#/properties/client/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (!(data4 === "auto" || data4 === "builtin" || data4 === "openssh")) {
        let err8 = { instancePath: instancePath + "/client", schemaPath: "#/properties/client/enum", keyword: "enum", params: { allowedValues: schema12.properties.client.enum } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.proxyJump !== void 0 && typeof data.proxyJump != "string") {
      let err9 = { instancePath: instancePath + "/proxyJump", schemaPath: "#/properties/proxyJump/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
    }
    if (data.knownHostsFile !== void 0 && typeof data.knownHostsFile != "string") {
      let err10 = { instancePath: instancePath + "/knownHostsFile", schemaPath: "#/properties/knownHostsFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
    }
    if (data.password !== void 0 && typeof data.password != "string") {
      let err11 = { instancePath: instancePath + "/password", schemaPath: "#/properties/password/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
    }
    if (data.passphrase !== void 0 && typeof data.passphrase != "string") {
      let err12 = { instancePath: instancePath + "/passphrase", schemaPath: "#/properties/passphrase/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
    }
    if (data.sudoPassword !== void 0 && typeof data.sudoPassword != "string") {
      let err13 = { instancePath: instancePath + "/sudoPassword", schemaPath: "#/properties/sudoPassword/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
    }
  } else {
    let err14 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
  }
  return validate29.errors = vErrors, errors === 0;
}
function validate28(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema11.type } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (typeof data == "string" && !pattern8.test(data)) {
    let err1 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\s/@]+$" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.host === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "host" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "host" || key0 === "name" || key0 === "zone" || key0 === "ssh")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.host !== void 0) {
      let data0 = data.host;
      if (typeof data0 == "string") {
        if (!pattern8.test(data0)) {
          let err4 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/pattern", keyword: "pattern", params: { pattern: "^[^\\s/@]+$" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        let err5 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.name !== void 0 && typeof data.name != "string") {
      let err6 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.zone !== void 0 && typeof data.zone != "string") {
      let err7 = { instancePath: instancePath + "/zone", schemaPath: "#/properties/zone/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    data.ssh !== void 0 && (validate29(data.ssh, { instancePath: instancePath + "/ssh", parentData: data, parentDataProperty: "ssh", rootData }) || (vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors), errors = vErrors.length));
  }
  return validate28.errors = vErrors, errors === 0;
}
function validate27(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate28(data[i0], { instancePath: instancePath + "/" + i0, parentData: data, parentDataProperty: i0, rootData }) || (vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors), errors = vErrors.length);
  } else {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate27.errors = vErrors, errors === 0;
}
function validate33(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string") {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate33.errors = vErrors, errors === 0;
}
function validate22(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.address === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.type === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "address" || key0 === "port" || key0 === "nodes" || key0 === "former" || key0 === "tlsServerName")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (!(data0 === "external" || data0 === "dns")) {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema7.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.address !== void 0 && (validate23(data.address, { instancePath: instancePath + "/address", parentData: data, parentDataProperty: "address", rootData }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length)), data.port !== void 0 && (validate25(data.port, { instancePath: instancePath + "/port", parentData: data, parentDataProperty: "port", rootData }) || (vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors), errors = vErrors.length)), data.nodes !== void 0) {
      let data3 = data.nodes;
      if (Array.isArray(data3)) {
        if (data3.length > 0) {
          let err5 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/maxItems", keyword: "maxItems", params: { limit: 0 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        let len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (typeof data3[i0] != "string") {
            let err6 = { instancePath: instancePath + "/nodes/" + i0, schemaPath: "#/properties/nodes/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
      } else {
        let err7 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    data.former !== void 0 && (validate27(data.former, { instancePath: instancePath + "/former", parentData: data, parentDataProperty: "former", rootData }) || (vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors), errors = vErrors.length)), data.tlsServerName !== void 0 && (validate33(data.tlsServerName, { instancePath: instancePath + "/tlsServerName", parentData: data, parentDataProperty: "tlsServerName", rootData }) || (vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors), errors = vErrors.length));
  } else {
    let err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
  }
  return validate22.errors = vErrors, errors === 0;
}
var schema14 = { type: "object", additionalProperties: !1, required: ["address", "type", "nodes"], properties: { type: { type: "string", enum: ["haproxy", "nginx"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, interface: { type: "string", pattern: "^[A-Za-z0-9_.:-]{1,15}$" }, nodes: { type: "array", items: { $ref: "#/definitions/balancerNode" }, minItems: 1 }, vrrp: { $ref: "#/definitions/vrrp" }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } };
function validate39(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "routerId" || key0 === "password")) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.routerId !== void 0) {
      let data0 = data.routerId;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        let err1 = { instancePath: instancePath + "/routerId", schemaPath: "#/properties/routerId/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 255 || isNaN(data0)) {
          let err2 = { instancePath: instancePath + "/routerId", schemaPath: "#/properties/routerId/maximum", keyword: "maximum", params: { comparison: "<=", limit: 255 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          let err3 = { instancePath: instancePath + "/routerId", schemaPath: "#/properties/routerId/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      }
    }
    if (data.password !== void 0 && typeof data.password != "string") {
      let err4 = { instancePath: instancePath + "/password", schemaPath: "#/properties/password/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
  } else {
    let err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate39.errors = vErrors, errors === 0;
}
var pattern10 = new RegExp("^[A-Za-z0-9_.:-]{1,15}$", "u");
function validate35(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.address === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.type === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.nodes === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "nodes" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "address" || key0 === "port" || key0 === "interface" || key0 === "nodes" || key0 === "vrrp" || key0 === "former" || key0 === "tlsServerName")) {
        let err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (!(data0 === "haproxy" || data0 === "nginx")) {
        let err5 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema14.properties.type.enum } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.address !== void 0 && (validate23(data.address, { instancePath: instancePath + "/address", parentData: data, parentDataProperty: "address", rootData }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length)), data.port !== void 0 && (validate25(data.port, { instancePath: instancePath + "/port", parentData: data, parentDataProperty: "port", rootData }) || (vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors), errors = vErrors.length)), data.interface !== void 0) {
      let data3 = data.interface;
      if (typeof data3 == "string") {
        if (!pattern10.test(data3)) {
          let err6 = { instancePath: instancePath + "/interface", schemaPath: "#/properties/interface/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_.:-]{1,15}$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/interface", schemaPath: "#/properties/interface/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.nodes !== void 0) {
      let data4 = data.nodes;
      if (Array.isArray(data4)) {
        if (data4.length < 1) {
          let err8 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        let len0 = data4.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate28(data4[i0], { instancePath: instancePath + "/nodes/" + i0, parentData: data4, parentDataProperty: i0, rootData }) || (vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors), errors = vErrors.length);
      } else {
        let err9 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    data.vrrp !== void 0 && (validate39(data.vrrp, { instancePath: instancePath + "/vrrp", parentData: data, parentDataProperty: "vrrp", rootData }) || (vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors), errors = vErrors.length)), data.former !== void 0 && (validate27(data.former, { instancePath: instancePath + "/former", parentData: data, parentDataProperty: "former", rootData }) || (vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors), errors = vErrors.length)), data.tlsServerName !== void 0 && (validate33(data.tlsServerName, { instancePath: instancePath + "/tlsServerName", parentData: data, parentDataProperty: "tlsServerName", rootData }) || (vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors), errors = vErrors.length));
  } else {
    let err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
  }
  return validate35.errors = vErrors, errors === 0;
}
var schema16 = { type: "object", additionalProperties: !1, required: ["address", "type"], properties: { type: { type: "string", enum: ["kube-vip"] }, address: { $ref: "#/definitions/fixedAddress" }, port: { $ref: "#/definitions/fixedPort" }, nodes: { type: "array", items: { type: "string" }, maxItems: 0 }, interface: { type: "string", pattern: "^[A-Za-z0-9_.:-]{1,15}$" }, image: { type: "string", pattern: "^[a-z0-9][A-Za-z0-9._/-]*(:[0-9]+/[A-Za-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$" }, bgp: { $ref: "#/definitions/bgp" }, former: { $ref: "#/definitions/formerBalancers" }, tlsServerName: { $ref: "#/definitions/tlsServerName" } } };
var pattern13 = new RegExp("^[0-9]{1,3}(\\.[0-9]{1,3}){3}$", "u");
function validate47(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.address === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.as === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "as" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "address" || key0 === "as" || key0 === "multihop")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.address !== void 0) {
      let data0 = data.address;
      if (typeof data0 == "string") {
        if (!pattern13.test(data0)) {
          let err3 = { instancePath: instancePath + "/address", schemaPath: "#/properties/address/pattern", keyword: "pattern", params: { pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        let err4 = { instancePath: instancePath + "/address", schemaPath: "#/properties/address/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.as !== void 0) {
      let data1 = data.as;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1))) {
        let err5 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 4294967295 || isNaN(data1)) {
          let err6 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/maximum", keyword: "maximum", params: { comparison: "<=", limit: 4294967295 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        if (data1 < 1 || isNaN(data1)) {
          let err7 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
      }
    }
    if (data.multihop !== void 0 && typeof data.multihop != "boolean") {
      let err8 = { instancePath: instancePath + "/multihop", schemaPath: "#/properties/multihop/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate47.errors = vErrors, errors === 0;
}
function validate46(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.as === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "as" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.peers === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "peers" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "as" || key0 === "peers")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.as !== void 0) {
      let data0 = data.as;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        let err3 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 4294967295 || isNaN(data0)) {
          let err4 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/maximum", keyword: "maximum", params: { comparison: "<=", limit: 4294967295 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          let err5 = { instancePath: instancePath + "/as", schemaPath: "#/properties/as/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      }
    }
    if (data.peers !== void 0) {
      let data1 = data.peers;
      if (Array.isArray(data1)) {
        if (data1.length < 1) {
          let err6 = { instancePath: instancePath + "/peers", schemaPath: "#/properties/peers/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate47(data1[i0], { instancePath: instancePath + "/peers/" + i0, parentData: data1, parentDataProperty: i0, rootData }) || (vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors), errors = vErrors.length);
      } else {
        let err7 = { instancePath: instancePath + "/peers", schemaPath: "#/properties/peers/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
  } else {
    let err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
  }
  return validate46.errors = vErrors, errors === 0;
}
var pattern12 = new RegExp("^[a-z0-9][A-Za-z0-9._/-]*(:[0-9]+/[A-Za-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$", "u");
function validate43(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.address === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "address" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.type === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!func2.call(schema16.properties, key0)) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (data0 !== "kube-vip") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema16.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.address !== void 0 && (validate23(data.address, { instancePath: instancePath + "/address", parentData: data, parentDataProperty: "address", rootData }) || (vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors), errors = vErrors.length)), data.port !== void 0 && (validate25(data.port, { instancePath: instancePath + "/port", parentData: data, parentDataProperty: "port", rootData }) || (vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors), errors = vErrors.length)), data.nodes !== void 0) {
      let data3 = data.nodes;
      if (Array.isArray(data3)) {
        if (data3.length > 0) {
          let err5 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/maxItems", keyword: "maxItems", params: { limit: 0 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        let len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (typeof data3[i0] != "string") {
            let err6 = { instancePath: instancePath + "/nodes/" + i0, schemaPath: "#/properties/nodes/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
      } else {
        let err7 = { instancePath: instancePath + "/nodes", schemaPath: "#/properties/nodes/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.interface !== void 0) {
      let data5 = data.interface;
      if (typeof data5 == "string") {
        if (!pattern10.test(data5)) {
          let err8 = { instancePath: instancePath + "/interface", schemaPath: "#/properties/interface/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_.:-]{1,15}$" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        let err9 = { instancePath: instancePath + "/interface", schemaPath: "#/properties/interface/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.image !== void 0) {
      let data6 = data.image;
      if (typeof data6 == "string") {
        if (!pattern12.test(data6)) {
          let err10 = { instancePath: instancePath + "/image", schemaPath: "#/properties/image/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9][A-Za-z0-9._/-]*(:[0-9]+/[A-Za-z0-9._/-]+)?(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$" } };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
      } else {
        let err11 = { instancePath: instancePath + "/image", schemaPath: "#/properties/image/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
    data.bgp !== void 0 && (validate46(data.bgp, { instancePath: instancePath + "/bgp", parentData: data, parentDataProperty: "bgp", rootData }) || (vErrors = vErrors === null ? validate46.errors : vErrors.concat(validate46.errors), errors = vErrors.length)), data.former !== void 0 && (validate27(data.former, { instancePath: instancePath + "/former", parentData: data, parentDataProperty: "former", rootData }) || (vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors), errors = vErrors.length)), data.tlsServerName !== void 0 && (validate33(data.tlsServerName, { instancePath: instancePath + "/tlsServerName", parentData: data, parentDataProperty: "tlsServerName", rootData }) || (vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors), errors = vErrors.length));
  } else {
    let err12 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
  }
  return validate43.errors = vErrors, errors === 0;
}
var schema19 = { type: "object", additionalProperties: !1, required: ["type"], properties: { type: { type: "string", enum: ["embedded-etcd"] } } };
function validate57(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (let key0 in data)
      if (key0 !== "type") {
        let err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err2 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (data0 !== "embedded-etcd") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema19.properties.type.enum } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
  } else {
    let err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate57.errors = vErrors, errors === 0;
}
var schema20 = { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["mysql"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } };
function validate58(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.endpoint === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "endpoint" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "endpoint" || key0 === "caFile" || key0 === "certFile" || key0 === "keyFile")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (data0 !== "mysql") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema20.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.endpoint !== void 0 && typeof data.endpoint != "string") {
      let err5 = { instancePath: instancePath + "/endpoint", schemaPath: "#/properties/endpoint/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.caFile !== void 0 && typeof data.caFile != "string") {
      let err6 = { instancePath: instancePath + "/caFile", schemaPath: "#/properties/caFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.certFile !== void 0 && typeof data.certFile != "string") {
      let err7 = { instancePath: instancePath + "/certFile", schemaPath: "#/properties/certFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.keyFile !== void 0 && typeof data.keyFile != "string") {
      let err8 = { instancePath: instancePath + "/keyFile", schemaPath: "#/properties/keyFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate58.errors = vErrors, errors === 0;
}
var schema21 = { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["postgres"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } };
function validate59(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.endpoint === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "endpoint" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "endpoint" || key0 === "caFile" || key0 === "certFile" || key0 === "keyFile")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (data0 !== "postgres") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema21.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.endpoint !== void 0 && typeof data.endpoint != "string") {
      let err5 = { instancePath: instancePath + "/endpoint", schemaPath: "#/properties/endpoint/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.caFile !== void 0 && typeof data.caFile != "string") {
      let err6 = { instancePath: instancePath + "/caFile", schemaPath: "#/properties/caFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.certFile !== void 0 && typeof data.certFile != "string") {
      let err7 = { instancePath: instancePath + "/certFile", schemaPath: "#/properties/certFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.keyFile !== void 0 && typeof data.keyFile != "string") {
      let err8 = { instancePath: instancePath + "/keyFile", schemaPath: "#/properties/keyFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate59.errors = vErrors, errors === 0;
}
var schema22 = { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["etcd"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } };
function validate60(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.endpoint === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "endpoint" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "endpoint" || key0 === "caFile" || key0 === "certFile" || key0 === "keyFile")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (data0 !== "etcd") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema22.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.endpoint !== void 0 && typeof data.endpoint != "string") {
      let err5 = { instancePath: instancePath + "/endpoint", schemaPath: "#/properties/endpoint/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.caFile !== void 0 && typeof data.caFile != "string") {
      let err6 = { instancePath: instancePath + "/caFile", schemaPath: "#/properties/caFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.certFile !== void 0 && typeof data.certFile != "string") {
      let err7 = { instancePath: instancePath + "/certFile", schemaPath: "#/properties/certFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.keyFile !== void 0 && typeof data.keyFile != "string") {
      let err8 = { instancePath: instancePath + "/keyFile", schemaPath: "#/properties/keyFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate60.errors = vErrors, errors === 0;
}
var schema23 = { type: "object", additionalProperties: !1, required: ["type", "endpoint"], properties: { type: { type: "string", enum: ["nats"] }, endpoint: { type: "string" }, caFile: { type: "string" }, certFile: { type: "string" }, keyFile: { type: "string" } } };
function validate61(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.endpoint === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "endpoint" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "type" || key0 === "endpoint" || key0 === "caFile" || key0 === "certFile" || key0 === "keyFile")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (data0 !== "nats") {
        let err4 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema23.properties.type.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.endpoint !== void 0 && typeof data.endpoint != "string") {
      let err5 = { instancePath: instancePath + "/endpoint", schemaPath: "#/properties/endpoint/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.caFile !== void 0 && typeof data.caFile != "string") {
      let err6 = { instancePath: instancePath + "/caFile", schemaPath: "#/properties/caFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
    }
    if (data.certFile !== void 0 && typeof data.certFile != "string") {
      let err7 = { instancePath: instancePath + "/certFile", schemaPath: "#/properties/certFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
    }
    if (data.keyFile !== void 0 && typeof data.keyFile != "string") {
      let err8 = { instancePath: instancePath + "/keyFile", schemaPath: "#/properties/keyFile/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
    }
  } else {
    let err9 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
  }
  return validate61.errors = vErrors, errors === 0;
}
var schema24 = { type: "object", additionalProperties: !1, required: ["type"], properties: { type: { type: "string", enum: ["sqlite"] } } };
function validate62(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.type === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "type" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (let key0 in data)
      if (key0 !== "type") {
        let err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.type !== void 0) {
      let data0 = data.type;
      if (typeof data0 != "string") {
        let err2 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (data0 !== "sqlite") {
        let err3 = { instancePath: instancePath + "/type", schemaPath: "#/properties/type/enum", keyword: "enum", params: { allowedValues: schema24.properties.type.enum } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
  } else {
    let err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate62.errors = vErrors, errors === 0;
}
var schema25 = { type: ["object", "null"], additionalProperties: !1, properties: { endpoint: { type: "array", items: { type: "string" } }, rewrite: { type: "object", additionalProperties: { type: "string" } } } };
function validate69(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (!(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema25.type } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "endpoint" || key0 === "rewrite")) {
        let err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.endpoint !== void 0) {
      let data0 = data.endpoint;
      if (Array.isArray(data0)) {
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (typeof data0[i0] != "string") {
            let err2 = { instancePath: instancePath + "/endpoint/" + i0, schemaPath: "#/properties/endpoint/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
          }
      } else {
        let err3 = { instancePath: instancePath + "/endpoint", schemaPath: "#/properties/endpoint/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.rewrite !== void 0) {
      let data2 = data.rewrite;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (let key1 in data2)
          if (typeof data2[key1] != "string") {
            let err4 = { instancePath: instancePath + "/rewrite/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/rewrite/additionalProperties/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
      } else {
        let err5 = { instancePath: instancePath + "/rewrite", schemaPath: "#/properties/rewrite/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
  }
  return validate69.errors = vErrors, errors === 0;
}
function validate71(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "auth" || key0 === "tls")) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.auth !== void 0) {
      let data0 = data.auth;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (let key1 in data0)
          if (!(key1 === "username" || key1 === "password" || key1 === "auth" || key1 === "identity_token")) {
            let err1 = { instancePath: instancePath + "/auth", schemaPath: "#/properties/auth/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
          }
        if (data0.username !== void 0 && typeof data0.username != "string") {
          let err2 = { instancePath: instancePath + "/auth/username", schemaPath: "#/properties/auth/properties/username/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0.password !== void 0 && typeof data0.password != "string") {
          let err3 = { instancePath: instancePath + "/auth/password", schemaPath: "#/properties/auth/properties/password/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data0.auth !== void 0 && typeof data0.auth != "string") {
          let err4 = { instancePath: instancePath + "/auth/auth", schemaPath: "#/properties/auth/properties/auth/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data0.identity_token !== void 0 && typeof data0.identity_token != "string") {
          let err5 = { instancePath: instancePath + "/auth/identity_token", schemaPath: "#/properties/auth/properties/identity_token/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        let err6 = { instancePath: instancePath + "/auth", schemaPath: "#/properties/auth/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.tls !== void 0) {
      let data5 = data.tls;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (let key2 in data5)
          if (!(key2 === "ca_file" || key2 === "cert_file" || key2 === "key_file" || key2 === "insecure_skip_verify")) {
            let err7 = { instancePath: instancePath + "/tls", schemaPath: "#/properties/tls/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
        if (data5.ca_file !== void 0 && typeof data5.ca_file != "string") {
          let err8 = { instancePath: instancePath + "/tls/ca_file", schemaPath: "#/properties/tls/properties/ca_file/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data5.cert_file !== void 0 && typeof data5.cert_file != "string") {
          let err9 = { instancePath: instancePath + "/tls/cert_file", schemaPath: "#/properties/tls/properties/cert_file/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        if (data5.key_file !== void 0 && typeof data5.key_file != "string") {
          let err10 = { instancePath: instancePath + "/tls/key_file", schemaPath: "#/properties/tls/properties/key_file/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
        if (data5.insecure_skip_verify !== void 0 && typeof data5.insecure_skip_verify != "boolean") {
          let err11 = { instancePath: instancePath + "/tls/insecure_skip_verify", schemaPath: "#/properties/tls/properties/insecure_skip_verify/type", keyword: "type", params: { type: "boolean" } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
      } else {
        let err12 = { instancePath: instancePath + "/tls", schemaPath: "#/properties/tls/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
  } else {
    let err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
  }
  return validate71.errors = vErrors, errors === 0;
}
var pattern16 = new RegExp("^(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._@%+,~-]+)+$", "u"), pattern17 = new RegExp("^0?[0-7]{3}$", "u"), pattern18 = new RegExp("^[a-z_0-9][a-z0-9_-]*:[a-z_0-9][a-z0-9_-]*$", "u");
function validate74(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.from === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "from" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.to === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "to" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "from" || key0 === "to" || key0 === "mode" || key0 === "owner" || key0 === "restart")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.from !== void 0 && typeof data.from != "string") {
      let err3 = { instancePath: instancePath + "/from", schemaPath: "#/properties/from/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    if (data.to !== void 0) {
      let data1 = data.to;
      if (typeof data1 == "string") {
        if (!pattern16.test(data1)) {
          let err4 = { instancePath: instancePath + "/to", schemaPath: "#/properties/to/pattern", keyword: "pattern", params: { pattern: "^(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._@%+,~-]+)+$" } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      } else {
        let err5 = { instancePath: instancePath + "/to", schemaPath: "#/properties/to/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.mode !== void 0) {
      let data2 = data.mode;
      if (typeof data2 == "string") {
        if (!pattern17.test(data2)) {
          let err6 = { instancePath: instancePath + "/mode", schemaPath: "#/properties/mode/pattern", keyword: "pattern", params: { pattern: "^0?[0-7]{3}$" } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      } else {
        let err7 = { instancePath: instancePath + "/mode", schemaPath: "#/properties/mode/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.owner !== void 0) {
      let data3 = data.owner;
      if (typeof data3 == "string") {
        if (!pattern18.test(data3)) {
          let err8 = { instancePath: instancePath + "/owner", schemaPath: "#/properties/owner/pattern", keyword: "pattern", params: { pattern: "^[a-z_0-9][a-z0-9_-]*:[a-z_0-9][a-z0-9_-]*$" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        let err9 = { instancePath: instancePath + "/owner", schemaPath: "#/properties/owner/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.restart !== void 0 && typeof data.restart != "boolean") {
      let err10 = { instancePath: instancePath + "/restart", schemaPath: "#/properties/restart/type", keyword: "type", params: { type: "boolean" } };
      vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
    }
  } else {
    let err11 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
  }
  return validate74.errors = vErrors, errors === 0;
}
function validate73(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate74(data[i0], { instancePath: instancePath + "/" + i0, parentData: data, parentDataProperty: i0, rootData }) || (vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors), errors = vErrors.length);
  } else {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  return validate73.errors = vErrors, errors === 0;
}
var schema29 = { type: "object", additionalProperties: !1, required: ["when", "run"], properties: { when: { type: "string", enum: ["before apply", "after apply", "before node-upgrade", "after node-upgrade", "before node-remove", "after node-remove"] }, run: { type: "string" }, on: { type: "string", enum: ["host", "here"] }, timeout: { type: "string", pattern: "^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$" } } };
function validate77(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.when === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "when" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.run === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "run" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "when" || key0 === "run" || key0 === "on" || key0 === "timeout")) {
        let err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.when !== void 0) {
      let data0 = data.when;
      if (typeof data0 != "string") {
        let err3 = { instancePath: instancePath + "/when", schemaPath: "#/properties/when/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (!(data0 === "before apply" || data0 === "after apply" || data0 === "before node-upgrade" || data0 === "after node-upgrade" || data0 === "before node-remove" || data0 === "after node-remove")) {
        let err4 = { instancePath: instancePath + "/when", schemaPath: "#/properties/when/enum", keyword: "enum", params: { allowedValues: schema29.properties.when.enum } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.run !== void 0 && typeof data.run != "string") {
      let err5 = { instancePath: instancePath + "/run", schemaPath: "#/properties/run/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    if (data.on !== void 0) {
      let data2 = data.on;
      if (typeof data2 != "string") {
        let err6 = { instancePath: instancePath + "/on", schemaPath: "#/properties/on/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
      if (!(data2 === "host" || data2 === "here")) {
        let err7 = { instancePath: instancePath + "/on", schemaPath: "#/properties/on/enum", keyword: "enum", params: { allowedValues: schema29.properties.on.enum } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data3 = data.timeout;
      if (typeof data3 == "string") {
        if (!pattern5.test(data3)) {
          let err8 = { instancePath: instancePath + "/timeout", schemaPath: "#/properties/timeout/pattern", keyword: "pattern", params: { pattern: "^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        let err9 = { instancePath: instancePath + "/timeout", schemaPath: "#/properties/timeout/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
  } else {
    let err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
  }
  return validate77.errors = vErrors, errors === 0;
}
var schema30 = { type: "object", additionalProperties: !1, patternProperties: { "^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)\\+$": { $ref: "#/definitions/appendedList" }, "^(?:config|vmodule|log|bind-address|apiserver-bind-address|advertise-address|data-dir|cluster-domain|servicelb-namespace|write-kubeconfig|write-kubeconfig-group|write-kubeconfig-name|helm-job-image|token|token-file|agent-token|agent-token-file|server|cluster-reset-restore-path|datastore-endpoint|datastore-cafile|datastore-certfile|datastore-keyfile|etcd-snapshot-name|etcd-snapshot-schedule-cron|etcd-snapshot-dir|etcd-s3-endpoint|etcd-s3-endpoint-ca|etcd-s3-access-key|etcd-s3-secret-key|etcd-s3-session-token|etcd-s3-bucket|etcd-s3-region|etcd-s3-folder|etcd-s3-proxy|etcd-s3-config-secret|default-local-storage-path|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|system-default-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$": { type: "string" }, "^(?:debug|alsologtostderr|tls-san-security|flannel-ipv6-masq|flannel-external-ip|cluster-init|cluster-reset|kine-tls|etcd-expose-metrics|etcd-disable-snapshots|etcd-snapshot-compress|etcd-s3|etcd-s3-skip-ssl-verify|etcd-s3-insecure|disable-scheduler|disable-cloud-controller|disable-kube-proxy|disable-network-policy|disable-helm-controller|disable-apiserver|disable-controller-manager|disable-etcd|embedded-registry|supervisor-metrics|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|secrets-encryption|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-agent)$": { type: "boolean" }, "^(?:v|etcd-snapshot-retention)$": { type: "integer", minimum: 0 }, "^(?:https-listen-port|lb-server-port)$": { type: "integer", minimum: 1, maximum: 65535 }, "^(?:supervisor-port|apiserver-port|advertise-port)$": { type: "integer", minimum: 0, maximum: 65535 }, "^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)$": { type: ["string", "array"], items: { type: "string" } }, "^(?:service-node-port-range)$": { type: "string", pattern: "^\\d+-\\d+$" }, "^(?:flannel-backend)$": { type: "string", enum: ["none", "vxlan", "host-gw", "wireguard-native"] }, "^(?:egress-selector-mode)$": { type: "string", enum: ["agent", "cluster", "pod", "disabled"] }, "^(?:write-kubeconfig-mode)$": { type: ["string", "integer"] }, "^(?:etcd-snapshot-reconcile-interval|etcd-s3-timeout)$": { type: "string", pattern: "^(?:\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|h))+$" }, "^(?:etcd-s3-bucket-lookup-type)$": { type: "string", enum: ["auto", "dns", "path"] }, "^(?:etcd-s3-retention)$": { type: "integer", minimum: 1 }, "^(?:secrets-encryption-provider)$": { type: "string", enum: ["aescbc", "secretbox"] } } }, pattern20 = new RegExp("^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)\\+$", "u"), pattern21 = new RegExp("^(?:config|vmodule|log|bind-address|apiserver-bind-address|advertise-address|data-dir|cluster-domain|servicelb-namespace|write-kubeconfig|write-kubeconfig-group|write-kubeconfig-name|helm-job-image|token|token-file|agent-token|agent-token-file|server|cluster-reset-restore-path|datastore-endpoint|datastore-cafile|datastore-certfile|datastore-keyfile|etcd-snapshot-name|etcd-snapshot-schedule-cron|etcd-snapshot-dir|etcd-s3-endpoint|etcd-s3-endpoint-ca|etcd-s3-access-key|etcd-s3-secret-key|etcd-s3-session-token|etcd-s3-bucket|etcd-s3-region|etcd-s3-folder|etcd-s3-proxy|etcd-s3-config-secret|default-local-storage-path|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|system-default-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$", "u"), pattern22 = new RegExp("^(?:debug|alsologtostderr|tls-san-security|flannel-ipv6-masq|flannel-external-ip|cluster-init|cluster-reset|kine-tls|etcd-expose-metrics|etcd-disable-snapshots|etcd-snapshot-compress|etcd-s3|etcd-s3-skip-ssl-verify|etcd-s3-insecure|disable-scheduler|disable-cloud-controller|disable-kube-proxy|disable-network-policy|disable-helm-controller|disable-apiserver|disable-controller-manager|disable-etcd|embedded-registry|supervisor-metrics|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|secrets-encryption|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-agent)$", "u"), pattern23 = new RegExp("^(?:v|etcd-snapshot-retention)$", "u"), pattern24 = new RegExp("^(?:https-listen-port|lb-server-port)$", "u"), pattern25 = new RegExp("^(?:supervisor-port|apiserver-port|advertise-port)$", "u"), pattern26 = new RegExp("^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)$", "u"), pattern27 = new RegExp("^(?:service-node-port-range)$", "u"), pattern28 = new RegExp("^(?:flannel-backend)$", "u"), pattern29 = new RegExp("^(?:egress-selector-mode)$", "u"), pattern30 = new RegExp("^(?:write-kubeconfig-mode)$", "u"), pattern31 = new RegExp("^(?:etcd-snapshot-reconcile-interval|etcd-s3-timeout)$", "u"), pattern32 = new RegExp("^(?:etcd-s3-bucket-lookup-type)$", "u"), pattern33 = new RegExp("^(?:etcd-s3-retention)$", "u"), pattern34 = new RegExp("^(?:secrets-encryption-provider)$", "u"), pattern43 = new RegExp("^\\d+-\\d+$", "u"), pattern48 = new RegExp("^(?:\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|h))+$", "u"), schema31 = { type: ["string", "array"], items: { type: "string" } };
function validate81(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string" && !Array.isArray(data)) {
    let err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema31.type } };
    vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
  }
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      if (typeof data[i0] != "string") {
        let err1 = { instancePath: instancePath + "/" + i0, schemaPath: "#/items/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
  }
  return validate81.errors = vErrors, errors === 0;
}
function validate80(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(pattern20.test(key0) || pattern21.test(key0) || pattern22.test(key0) || pattern23.test(key0) || pattern24.test(key0) || pattern25.test(key0) || pattern26.test(key0) || pattern27.test(key0) || pattern28.test(key0) || pattern29.test(key0) || pattern30.test(key0) || pattern31.test(key0) || pattern32.test(key0) || pattern33.test(key0) || pattern34.test(key0))) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    for (let key1 in data)
      pattern20.test(key1) && (validate81(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length));
    for (let key2 in data)
      if (pattern21.test(key2) && typeof data[key2] != "string") {
        let err1 = { instancePath: instancePath + "/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aconfig%7Cvmodule%7Clog%7Cbind-address%7Capiserver-bind-address%7Cadvertise-address%7Cdata-dir%7Ccluster-domain%7Cservicelb-namespace%7Cwrite-kubeconfig%7Cwrite-kubeconfig-group%7Cwrite-kubeconfig-name%7Chelm-job-image%7Ctoken%7Ctoken-file%7Cagent-token%7Cagent-token-file%7Cserver%7Ccluster-reset-restore-path%7Cdatastore-endpoint%7Cdatastore-cafile%7Cdatastore-certfile%7Cdatastore-keyfile%7Cetcd-snapshot-name%7Cetcd-snapshot-schedule-cron%7Cetcd-snapshot-dir%7Cetcd-s3-endpoint%7Cetcd-s3-endpoint-ca%7Cetcd-s3-access-key%7Cetcd-s3-secret-key%7Cetcd-s3-session-token%7Cetcd-s3-bucket%7Cetcd-s3-region%7Cetcd-s3-folder%7Cetcd-s3-proxy%7Cetcd-s3-config-secret%7Cdefault-local-storage-path%7Cnode-name%7Cimage-credential-provider-bin-dir%7Cimage-credential-provider-config%7Ccontainer-runtime-endpoint%7Cdefault-runtime%7Cimage-service-endpoint%7Cpause-image%7Csnapshotter%7Cprivate-registry%7Csystem-default-registry%7Cresolv-conf%7Cflannel-iface%7Cflannel-conf%7Cflannel-cni-conf%7Cvpn-auth%7Cvpn-auth-file)%24/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    for (let key3 in data)
      if (pattern22.test(key3) && typeof data[key3] != "boolean") {
        let err2 = { instancePath: instancePath + "/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Adebug%7Calsologtostderr%7Ctls-san-security%7Cflannel-ipv6-masq%7Cflannel-external-ip%7Ccluster-init%7Ccluster-reset%7Ckine-tls%7Cetcd-expose-metrics%7Cetcd-disable-snapshots%7Cetcd-snapshot-compress%7Cetcd-s3%7Cetcd-s3-skip-ssl-verify%7Cetcd-s3-insecure%7Cdisable-scheduler%7Cdisable-cloud-controller%7Cdisable-kube-proxy%7Cdisable-network-policy%7Cdisable-helm-controller%7Cdisable-apiserver%7Cdisable-controller-manager%7Cdisable-etcd%7Cembedded-registry%7Csupervisor-metrics%7Cwith-node-id%7Cdocker%7Cdisable-default-registry-endpoint%7Cnonroot-devices%7Cprotect-kernel-defaults%7Csecrets-encryption%7Cenable-pprof%7Crootless%7Cprefer-bundled-bin%7Cselinux%7Cdisable-agent)%24/type", keyword: "type", params: { type: "boolean" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    for (let key4 in data)
      if (pattern23.test(key4)) {
        let data3 = data[key4];
        if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3))) {
          let err3 = { instancePath: instancePath + "/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Av%7Cetcd-snapshot-retention)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (typeof data3 == "number" && isFinite(data3) && (data3 < 0 || isNaN(data3))) {
          let err4 = { instancePath: instancePath + "/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Av%7Cetcd-snapshot-retention)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      }
    for (let key5 in data)
      if (pattern24.test(key5)) {
        let data4 = data[key5];
        if (!(typeof data4 == "number" && !(data4 % 1) && !isNaN(data4) && isFinite(data4))) {
          let err5 = { instancePath: instancePath + "/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Ahttps-listen-port%7Clb-server-port)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (typeof data4 == "number" && isFinite(data4)) {
          if (data4 > 65535 || isNaN(data4)) {
            let err6 = { instancePath: instancePath + "/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Ahttps-listen-port%7Clb-server-port)%24/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
          if (data4 < 1 || isNaN(data4)) {
            let err7 = { instancePath: instancePath + "/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Ahttps-listen-port%7Clb-server-port)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
        }
      }
    for (let key6 in data)
      if (pattern25.test(key6)) {
        let data5 = data[key6];
        if (!(typeof data5 == "number" && !(data5 % 1) && !isNaN(data5) && isFinite(data5))) {
          let err8 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Asupervisor-port%7Capiserver-port%7Cadvertise-port)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (typeof data5 == "number" && isFinite(data5)) {
          if (data5 > 65535 || isNaN(data5)) {
            let err9 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Asupervisor-port%7Capiserver-port%7Cadvertise-port)%24/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
          if (data5 < 0 || isNaN(data5)) {
            let err10 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Asupervisor-port%7Capiserver-port%7Cadvertise-port)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
        }
      }
    for (let key7 in data)
      if (pattern26.test(key7)) {
        let data6 = data[key7];
        if (typeof data6 != "string" && !Array.isArray(data6)) {
          let err11 = { instancePath: instancePath + "/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Atls-san%7Ccluster-cidr%7Cservice-cidr%7Ccluster-dns%7Ckube-apiserver-arg%7Cetcd-arg%7Ckube-controller-manager-arg%7Ckube-scheduler-arg%7Chelm-controller-arg%7Ckube-cloud-controller-manager-arg%7Cdisable%7Cnode-label%7Cnode-taint%7Cairgap-extra-registry%7Cnode-ip%7Cnode-external-ip%7Cnode-internal-dns%7Cnode-external-dns%7Ckubelet-arg%7Ckube-proxy-arg%7Ckube-controller-arg%7Ckube-cloud-controller-arg)%24/type", keyword: "type", params: { type: schema30.patternProperties["^(?:tls-san|cluster-cidr|service-cidr|cluster-dns|kube-apiserver-arg|etcd-arg|kube-controller-manager-arg|kube-scheduler-arg|helm-controller-arg|kube-cloud-controller-manager-arg|disable|node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg|kube-controller-arg|kube-cloud-controller-arg)$"].type } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
        if (Array.isArray(data6)) {
          let len0 = data6.length;
          for (let i0 = 0; i0 < len0; i0++)
            if (typeof data6[i0] != "string") {
              let err12 = { instancePath: instancePath + "/" + key7.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/patternProperties/%5E(%3F%3Atls-san%7Ccluster-cidr%7Cservice-cidr%7Ccluster-dns%7Ckube-apiserver-arg%7Cetcd-arg%7Ckube-controller-manager-arg%7Ckube-scheduler-arg%7Chelm-controller-arg%7Ckube-cloud-controller-manager-arg%7Cdisable%7Cnode-label%7Cnode-taint%7Cairgap-extra-registry%7Cnode-ip%7Cnode-external-ip%7Cnode-internal-dns%7Cnode-external-dns%7Ckubelet-arg%7Ckube-proxy-arg%7Ckube-controller-arg%7Ckube-cloud-controller-arg)%24/items/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
        }
      }
    for (let key8 in data)
      if (pattern27.test(key8)) {
        let data8 = data[key8];
        if (typeof data8 == "string") {
          if (!pattern43.test(data8)) {
            let err13 = { instancePath: instancePath + "/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aservice-node-port-range)%24/pattern", keyword: "pattern", params: { pattern: "^\\d+-\\d+$" } };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
        } else {
          let err14 = { instancePath: instancePath + "/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aservice-node-port-range)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
      }
    for (let key9 in data)
      if (pattern28.test(key9)) {
        let data9 = data[key9];
        if (typeof data9 != "string") {
          let err15 = { instancePath: instancePath + "/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aflannel-backend)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
        }
        if (!(data9 === "none" || data9 === "vxlan" || data9 === "host-gw" || data9 === "wireguard-native")) {
          let err16 = { instancePath: instancePath + "/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aflannel-backend)%24/enum", keyword: "enum", params: { allowedValues: schema30.patternProperties["^(?:flannel-backend)$"].enum } };
          vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
        }
      }
    for (let key10 in data)
      if (pattern29.test(key10)) {
        let data10 = data[key10];
        if (typeof data10 != "string") {
          let err17 = { instancePath: instancePath + "/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aegress-selector-mode)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
        if (!(data10 === "agent" || data10 === "cluster" || data10 === "pod" || data10 === "disabled")) {
          let err18 = { instancePath: instancePath + "/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aegress-selector-mode)%24/enum", keyword: "enum", params: { allowedValues: schema30.patternProperties["^(?:egress-selector-mode)$"].enum } };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
      }
    for (let key11 in data)
      if (pattern30.test(key11)) {
        let data11 = data[key11];
        if (typeof data11 != "string" && !(typeof data11 == "number" && !(data11 % 1) && !isNaN(data11) && isFinite(data11))) {
          let err19 = { instancePath: instancePath + "/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Awrite-kubeconfig-mode)%24/type", keyword: "type", params: { type: schema30.patternProperties["^(?:write-kubeconfig-mode)$"].type } };
          vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
        }
      }
    for (let key12 in data)
      if (pattern31.test(key12)) {
        let data12 = data[key12];
        if (typeof data12 == "string") {
          if (!pattern48.test(data12)) {
            let err20 = { instancePath: instancePath + "/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-snapshot-reconcile-interval%7Cetcd-s3-timeout)%24/pattern", keyword: "pattern", params: { pattern: "^(?:\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|h))+$" } };
            vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
          }
        } else {
          let err21 = { instancePath: instancePath + "/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-snapshot-reconcile-interval%7Cetcd-s3-timeout)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
        }
      }
    for (let key13 in data)
      if (pattern32.test(key13)) {
        let data13 = data[key13];
        if (typeof data13 != "string") {
          let err22 = { instancePath: instancePath + "/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-s3-bucket-lookup-type)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
        }
        if (!(data13 === "auto" || data13 === "dns" || data13 === "path")) {
          let err23 = { instancePath: instancePath + "/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-s3-bucket-lookup-type)%24/enum", keyword: "enum", params: { allowedValues: schema30.patternProperties["^(?:etcd-s3-bucket-lookup-type)$"].enum } };
          vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
        }
      }
    for (let key14 in data)
      if (pattern33.test(key14)) {
        let data14 = data[key14];
        if (!(typeof data14 == "number" && !(data14 % 1) && !isNaN(data14) && isFinite(data14))) {
          let err24 = { instancePath: instancePath + "/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-s3-retention)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
        }
        if (typeof data14 == "number" && isFinite(data14) && (data14 < 1 || isNaN(data14))) {
          let err25 = { instancePath: instancePath + "/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aetcd-s3-retention)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
        }
      }
    for (let key15 in data)
      if (pattern34.test(key15)) {
        let data15 = data[key15];
        if (typeof data15 != "string") {
          let err26 = { instancePath: instancePath + "/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Asecrets-encryption-provider)%24/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
        }
        if (!(data15 === "aescbc" || data15 === "secretbox")) {
          let err27 = { instancePath: instancePath + "/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Asecrets-encryption-provider)%24/enum", keyword: "enum", params: { allowedValues: schema30.patternProperties["^(?:secrets-encryption-provider)$"].enum } };
          vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
        }
      }
  } else {
    let err28 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
  }
  return validate80.errors = vErrors, errors === 0;
}
function validate85(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.host === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "host" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "host" || key0 === "name" || key0 === "zone" || key0 === "ssh" || key0 === "config" || key0 === "files")) {
        let err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.host !== void 0) {
      let data0 = data.host;
      if (typeof data0 == "string") {
        if (!pattern8.test(data0)) {
          let err2 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/pattern", keyword: "pattern", params: { pattern: "^[^\\s/@]+$" } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        let err3 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.name !== void 0 && typeof data.name != "string") {
      let err4 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.zone !== void 0 && typeof data.zone != "string") {
      let err5 = { instancePath: instancePath + "/zone", schemaPath: "#/properties/zone/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    data.ssh !== void 0 && (validate29(data.ssh, { instancePath: instancePath + "/ssh", parentData: data, parentDataProperty: "ssh", rootData }) || (vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors), errors = vErrors.length)), data.config !== void 0 && (validate80(data.config, { instancePath: instancePath + "/config", parentData: data, parentDataProperty: "config", rootData }) || (vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors), errors = vErrors.length)), data.files !== void 0 && (validate73(data.files, { instancePath: instancePath + "/files", parentData: data, parentDataProperty: "files", rootData }) || (vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors), errors = vErrors.length));
  } else {
    let err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  return validate85.errors = vErrors, errors === 0;
}
var schema33 = { type: "object", additionalProperties: !1, patternProperties: { "^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)\\+$": { $ref: "#/definitions/appendedList" }, "^(?:config|vmodule|log|bind-address|data-dir|token|token-file|server|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$": { type: "string" }, "^(?:debug|alsologtostderr|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-apiserver-lb)$": { type: "boolean" }, "^(?:v)$": { type: "integer", minimum: 0 }, "^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)$": { type: ["string", "array"], items: { type: "string" } }, "^(?:lb-server-port)$": { type: "integer", minimum: 1, maximum: 65535 } } }, pattern53 = new RegExp("^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)\\+$", "u"), pattern54 = new RegExp("^(?:config|vmodule|log|bind-address|data-dir|token|token-file|server|node-name|image-credential-provider-bin-dir|image-credential-provider-config|container-runtime-endpoint|default-runtime|image-service-endpoint|pause-image|snapshotter|private-registry|resolv-conf|flannel-iface|flannel-conf|flannel-cni-conf|vpn-auth|vpn-auth-file)$", "u"), pattern55 = new RegExp("^(?:debug|alsologtostderr|with-node-id|docker|disable-default-registry-endpoint|nonroot-devices|protect-kernel-defaults|enable-pprof|rootless|prefer-bundled-bin|selinux|disable-apiserver-lb)$", "u"), pattern56 = new RegExp("^(?:v)$", "u"), pattern57 = new RegExp("^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)$", "u"), pattern58 = new RegExp("^(?:lb-server-port)$", "u");
function validate90(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(pattern53.test(key0) || pattern54.test(key0) || pattern55.test(key0) || pattern56.test(key0) || pattern57.test(key0) || pattern58.test(key0))) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    for (let key1 in data)
      pattern53.test(key1) && (validate81(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length));
    for (let key2 in data)
      if (pattern54.test(key2) && typeof data[key2] != "string") {
        let err1 = { instancePath: instancePath + "/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Aconfig%7Cvmodule%7Clog%7Cbind-address%7Cdata-dir%7Ctoken%7Ctoken-file%7Cserver%7Cnode-name%7Cimage-credential-provider-bin-dir%7Cimage-credential-provider-config%7Ccontainer-runtime-endpoint%7Cdefault-runtime%7Cimage-service-endpoint%7Cpause-image%7Csnapshotter%7Cprivate-registry%7Cresolv-conf%7Cflannel-iface%7Cflannel-conf%7Cflannel-cni-conf%7Cvpn-auth%7Cvpn-auth-file)%24/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    for (let key3 in data)
      if (pattern55.test(key3) && typeof data[key3] != "boolean") {
        let err2 = { instancePath: instancePath + "/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Adebug%7Calsologtostderr%7Cwith-node-id%7Cdocker%7Cdisable-default-registry-endpoint%7Cnonroot-devices%7Cprotect-kernel-defaults%7Cenable-pprof%7Crootless%7Cprefer-bundled-bin%7Cselinux%7Cdisable-apiserver-lb)%24/type", keyword: "type", params: { type: "boolean" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    for (let key4 in data)
      if (pattern56.test(key4)) {
        let data3 = data[key4];
        if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3))) {
          let err3 = { instancePath: instancePath + "/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Av)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (typeof data3 == "number" && isFinite(data3) && (data3 < 0 || isNaN(data3))) {
          let err4 = { instancePath: instancePath + "/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Av)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
      }
    for (let key5 in data)
      if (pattern57.test(key5)) {
        let data4 = data[key5];
        if (typeof data4 != "string" && !Array.isArray(data4)) {
          let err5 = { instancePath: instancePath + "/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Anode-label%7Cnode-taint%7Cairgap-extra-registry%7Cnode-ip%7Cnode-external-ip%7Cnode-internal-dns%7Cnode-external-dns%7Ckubelet-arg%7Ckube-proxy-arg)%24/type", keyword: "type", params: { type: schema33.patternProperties["^(?:node-label|node-taint|airgap-extra-registry|node-ip|node-external-ip|node-internal-dns|node-external-dns|kubelet-arg|kube-proxy-arg)$"].type } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (Array.isArray(data4)) {
          let len0 = data4.length;
          for (let i0 = 0; i0 < len0; i0++)
            if (typeof data4[i0] != "string") {
              let err6 = { instancePath: instancePath + "/" + key5.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i0, schemaPath: "#/patternProperties/%5E(%3F%3Anode-label%7Cnode-taint%7Cairgap-extra-registry%7Cnode-ip%7Cnode-external-ip%7Cnode-internal-dns%7Cnode-external-dns%7Ckubelet-arg%7Ckube-proxy-arg)%24/items/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
            }
        }
      }
    for (let key6 in data)
      if (pattern58.test(key6)) {
        let data6 = data[key6];
        if (!(typeof data6 == "number" && !(data6 % 1) && !isNaN(data6) && isFinite(data6))) {
          let err7 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Alb-server-port)%24/type", keyword: "type", params: { type: "integer" } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
        if (typeof data6 == "number" && isFinite(data6)) {
          if (data6 > 65535 || isNaN(data6)) {
            let err8 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Alb-server-port)%24/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
            vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
          }
          if (data6 < 1 || isNaN(data6)) {
            let err9 = { instancePath: instancePath + "/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(%3F%3Alb-server-port)%24/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
            vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
          }
        }
      }
  } else {
    let err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
  }
  return validate90.errors = vErrors, errors === 0;
}
function validate94(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.host === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "host" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (let key0 in data)
      if (!(key0 === "host" || key0 === "name" || key0 === "zone" || key0 === "ssh" || key0 === "config" || key0 === "files")) {
        let err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.host !== void 0) {
      let data0 = data.host;
      if (typeof data0 == "string") {
        if (!pattern8.test(data0)) {
          let err2 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/pattern", keyword: "pattern", params: { pattern: "^[^\\s/@]+$" } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        let err3 = { instancePath: instancePath + "/host", schemaPath: "#/properties/host/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.name !== void 0 && typeof data.name != "string") {
      let err4 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
    }
    if (data.zone !== void 0 && typeof data.zone != "string") {
      let err5 = { instancePath: instancePath + "/zone", schemaPath: "#/properties/zone/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
    }
    data.ssh !== void 0 && (validate29(data.ssh, { instancePath: instancePath + "/ssh", parentData: data, parentDataProperty: "ssh", rootData }) || (vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors), errors = vErrors.length)), data.config !== void 0 && (validate90(data.config, { instancePath: instancePath + "/config", parentData: data, parentDataProperty: "config", rootData }) || (vErrors = vErrors === null ? validate90.errors : vErrors.concat(validate90.errors), errors = vErrors.length)), data.files !== void 0 && (validate73(data.files, { instancePath: instancePath + "/files", parentData: data, parentDataProperty: "files", rootData }) || (vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors), errors = vErrors.length));
  } else {
    let err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  return validate94.errors = vErrors, errors === 0;
}
function validate21(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.apiVersion === void 0) {
      let err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "apiVersion" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.kind === void 0) {
      let err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kind" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.metadata === void 0) {
      let err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "metadata" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.servers === void 0) {
      let err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "servers" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    for (let key0 in data)
      if (!func2.call(schema6.properties, key0)) {
        let err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    if (data.apiVersion !== void 0) {
      let data0 = data.apiVersion;
      if (typeof data0 != "string") {
        let err5 = { instancePath: instancePath + "/apiVersion", schemaPath: "#/properties/apiVersion/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
      if (data0 !== "k3s-ha/v1") {
        let err6 = { instancePath: instancePath + "/apiVersion", schemaPath: "#/properties/apiVersion/enum", keyword: "enum", params: { allowedValues: schema6.properties.apiVersion.enum } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.kind !== void 0) {
      let data1 = data.kind;
      if (typeof data1 != "string") {
        let err7 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (data1 !== "Cluster") {
        let err8 = { instancePath: instancePath + "/kind", schemaPath: "#/properties/kind/enum", keyword: "enum", params: { allowedValues: schema6.properties.kind.enum } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.metadata !== void 0) {
      let data2 = data.metadata;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        if (data2.name === void 0) {
          let err9 = { instancePath: instancePath + "/metadata", schemaPath: "#/properties/metadata/required", keyword: "required", params: { missingProperty: "name" } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
        for (let key1 in data2)
          if (key1 !== "name") {
            let err10 = { instancePath: instancePath + "/metadata", schemaPath: "#/properties/metadata/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
          }
        if (data2.name !== void 0) {
          let data3 = data2.name;
          if (typeof data3 == "string") {
            if (func3(data3) > 63) {
              let err11 = { instancePath: instancePath + "/metadata/name", schemaPath: "#/properties/metadata/properties/name/maxLength", keyword: "maxLength", params: { limit: 63 } };
              vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
            }
            if (!pattern0.test(data3)) {
              let err12 = { instancePath: instancePath + "/metadata/name", schemaPath: "#/properties/metadata/properties/name/pattern", keyword: "pattern", params: { pattern: "^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$" } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          } else {
            let err13 = { instancePath: instancePath + "/metadata/name", schemaPath: "#/properties/metadata/properties/name/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
        }
      } else {
        let err14 = { instancePath: instancePath + "/metadata", schemaPath: "#/properties/metadata/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
      }
    }
    if (data.k3s !== void 0) {
      let data4 = data.k3s;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (let key2 in data4)
          if (!(key2 === "version" || key2 === "channel" || key2 === "install" || key2 === "upgrade")) {
            let err15 = { instancePath: instancePath + "/k3s", schemaPath: "#/properties/k3s/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
            vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
          }
        if (data4.version !== void 0 && typeof data4.version != "string") {
          let err16 = { instancePath: instancePath + "/k3s/version", schemaPath: "#/properties/k3s/properties/version/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
        }
        if (data4.channel !== void 0 && typeof data4.channel != "string") {
          let err17 = { instancePath: instancePath + "/k3s/channel", schemaPath: "#/properties/k3s/properties/channel/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
        if (data4.install !== void 0) {
          let data7 = data4.install;
          if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
            for (let key3 in data7)
              if (!(key3 === "method" || key3 === "binary" || key3 === "scriptUrl" || key3 === "scriptSha256" || key3 === "env" || key3 === "artifacts" || key3 === "uploadLimit")) {
                let err18 = { instancePath: instancePath + "/k3s/install", schemaPath: "#/properties/k3s/properties/install/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
                vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
              }
            if (data7.method !== void 0) {
              let data8 = data7.method;
              if (typeof data8 != "string") {
                let err19 = { instancePath: instancePath + "/k3s/install/method", schemaPath: "#/properties/k3s/properties/install/properties/method/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
              }
              if (!(data8 === "script" || data8 === "airgap" || data8 === "preinstalled")) {
                let err20 = { instancePath: instancePath + "/k3s/install/method", schemaPath: "#/properties/k3s/properties/install/properties/method/enum", keyword: "enum", params: { allowedValues: schema6.properties.k3s.properties.install.properties.method.enum } };
                vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
              }
            }
            if (data7.binary !== void 0) {
              let data9 = data7.binary;
              if (typeof data9 != "string") {
                let err21 = { instancePath: instancePath + "/k3s/install/binary", schemaPath: "#/properties/k3s/properties/install/properties/binary/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
              }
              if (!(data9 === "download" || data9 === "upload")) {
                let err22 = { instancePath: instancePath + "/k3s/install/binary", schemaPath: "#/properties/k3s/properties/install/properties/binary/enum", keyword: "enum", params: { allowedValues: schema6.properties.k3s.properties.install.properties.binary.enum } };
                vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
              }
            }
            if (data7.scriptUrl !== void 0) {
              let data10 = data7.scriptUrl;
              if (typeof data10 == "string") {
                if (!pattern1.test(data10)) {
                  let err23 = { instancePath: instancePath + "/k3s/install/scriptUrl", schemaPath: "#/properties/k3s/properties/install/properties/scriptUrl/pattern", keyword: "pattern", params: { pattern: "^(https?://\\S+|(\\.{1,2}[/\\\\]|~[/\\\\]|/(?!/)|[A-Za-z]:[/\\\\]).+)$" } };
                  vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                }
              } else {
                let err24 = { instancePath: instancePath + "/k3s/install/scriptUrl", schemaPath: "#/properties/k3s/properties/install/properties/scriptUrl/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
              }
            }
            if (data7.scriptSha256 !== void 0) {
              let data11 = data7.scriptSha256;
              if (typeof data11 == "string") {
                if (!pattern2.test(data11)) {
                  let err25 = { instancePath: instancePath + "/k3s/install/scriptSha256", schemaPath: "#/properties/k3s/properties/install/properties/scriptSha256/pattern", keyword: "pattern", params: { pattern: "^[0-9a-fA-F]{64}$" } };
                  vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
                }
              } else {
                let err26 = { instancePath: instancePath + "/k3s/install/scriptSha256", schemaPath: "#/properties/k3s/properties/install/properties/scriptSha256/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
              }
            }
            if (data7.env !== void 0) {
              let data12 = data7.env;
              if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
                for (let key4 in data12) {
                  let _errs31 = errors;
                  if (typeof key4 == "string" && !pattern3.test(key4)) {
                    let err27 = { instancePath: instancePath + "/k3s/install/env", schemaPath: "#/properties/k3s/properties/install/properties/env/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }, propertyName: key4 };
                    vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
                  }
                  var valid4 = _errs31 === errors;
                  if (!valid4) {
                    let err28 = { instancePath: instancePath + "/k3s/install/env", schemaPath: "#/properties/k3s/properties/install/properties/env/propertyNames", keyword: "propertyNames", params: { propertyName: key4 } };
                    vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
                  }
                }
                for (let key5 in data12)
                  if (!func2.call(schema6.properties.k3s.properties.install.properties.env.properties, key5)) {
                    let data13 = data12[key5];
                    if (typeof data13 != "string" && !(typeof data13 == "number" && isFinite(data13)) && typeof data13 != "boolean") {
                      let err29 = { instancePath: instancePath + "/k3s/install/env/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/k3s/properties/install/properties/env/additionalProperties/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.additionalProperties.type } };
                      vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
                    }
                  }
                if (data12.INSTALL_K3S_MIRROR !== void 0) {
                  let data14 = data12.INSTALL_K3S_MIRROR;
                  if (typeof data14 != "string" && !(typeof data14 == "number" && isFinite(data14)) && typeof data14 != "boolean") {
                    let err30 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_MIRROR", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_MIRROR/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_MIRROR.type } };
                    vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
                  }
                }
                if (data12.INSTALL_K3S_ARTIFACT_URL !== void 0) {
                  let data15 = data12.INSTALL_K3S_ARTIFACT_URL;
                  if (typeof data15 != "string" && !(typeof data15 == "number" && isFinite(data15)) && typeof data15 != "boolean") {
                    let err31 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_ARTIFACT_URL", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_ARTIFACT_URL/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_ARTIFACT_URL.type } };
                    vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
                  }
                }
                if (data12.INSTALL_K3S_CHANNEL_URL !== void 0) {
                  let data16 = data12.INSTALL_K3S_CHANNEL_URL;
                  if (typeof data16 != "string" && !(typeof data16 == "number" && isFinite(data16)) && typeof data16 != "boolean") {
                    let err32 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_CHANNEL_URL", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_CHANNEL_URL/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_CHANNEL_URL.type } };
                    vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
                  }
                }
                if (data12.INSTALL_K3S_BIN_DIR !== void 0) {
                  let data17 = data12.INSTALL_K3S_BIN_DIR;
                  if (typeof data17 != "string" && !(typeof data17 == "number" && isFinite(data17)) && typeof data17 != "boolean") {
                    let err33 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_BIN_DIR", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_BIN_DIR/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_BIN_DIR.type } };
                    vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
                  }
                }
                if (data12.INSTALL_K3S_SYSTEMD_DIR !== void 0) {
                  let data18 = data12.INSTALL_K3S_SYSTEMD_DIR;
                  if (typeof data18 != "string" && !(typeof data18 == "number" && isFinite(data18)) && typeof data18 != "boolean") {
                    let err34 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_SYSTEMD_DIR", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_SYSTEMD_DIR/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_SYSTEMD_DIR.type } };
                    vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
                  }
                }
                if (data12.INSTALL_K3S_SYMLINK !== void 0) {
                  let data19 = data12.INSTALL_K3S_SYMLINK;
                  if (typeof data19 != "string" && !(typeof data19 == "number" && isFinite(data19)) && typeof data19 != "boolean") {
                    let err35 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_SYMLINK", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_SYMLINK/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_SYMLINK.type } };
                    vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
                  }
                }
                if (data12.INSTALL_K3S_SELINUX_WARN !== void 0) {
                  let data20 = data12.INSTALL_K3S_SELINUX_WARN;
                  if (typeof data20 != "string" && !(typeof data20 == "number" && isFinite(data20)) && typeof data20 != "boolean") {
                    let err36 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_SELINUX_WARN", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_SELINUX_WARN/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_SELINUX_WARN.type } };
                    vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
                  }
                }
                if (data12.INSTALL_K3S_SKIP_SELINUX_RPM !== void 0) {
                  let data21 = data12.INSTALL_K3S_SKIP_SELINUX_RPM;
                  if (typeof data21 != "string" && !(typeof data21 == "number" && isFinite(data21)) && typeof data21 != "boolean") {
                    let err37 = { instancePath: instancePath + "/k3s/install/env/INSTALL_K3S_SKIP_SELINUX_RPM", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/INSTALL_K3S_SKIP_SELINUX_RPM/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.INSTALL_K3S_SKIP_SELINUX_RPM.type } };
                    vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
                  }
                }
                if (data12.HTTP_PROXY !== void 0) {
                  let data22 = data12.HTTP_PROXY;
                  if (typeof data22 != "string" && !(typeof data22 == "number" && isFinite(data22)) && typeof data22 != "boolean") {
                    let err38 = { instancePath: instancePath + "/k3s/install/env/HTTP_PROXY", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/HTTP_PROXY/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.HTTP_PROXY.type } };
                    vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
                  }
                }
                if (data12.HTTPS_PROXY !== void 0) {
                  let data23 = data12.HTTPS_PROXY;
                  if (typeof data23 != "string" && !(typeof data23 == "number" && isFinite(data23)) && typeof data23 != "boolean") {
                    let err39 = { instancePath: instancePath + "/k3s/install/env/HTTPS_PROXY", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/HTTPS_PROXY/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.HTTPS_PROXY.type } };
                    vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
                  }
                }
                if (data12.NO_PROXY !== void 0) {
                  let data24 = data12.NO_PROXY;
                  if (typeof data24 != "string" && !(typeof data24 == "number" && isFinite(data24)) && typeof data24 != "boolean") {
                    let err40 = { instancePath: instancePath + "/k3s/install/env/NO_PROXY", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/NO_PROXY/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.NO_PROXY.type } };
                    vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
                  }
                }
                if (data12.CONTAINERD_HTTPS_PROXY !== void 0) {
                  let data25 = data12.CONTAINERD_HTTPS_PROXY;
                  if (typeof data25 != "string" && !(typeof data25 == "number" && isFinite(data25)) && typeof data25 != "boolean") {
                    let err41 = { instancePath: instancePath + "/k3s/install/env/CONTAINERD_HTTPS_PROXY", schemaPath: "#/properties/k3s/properties/install/properties/env/properties/CONTAINERD_HTTPS_PROXY/type", keyword: "type", params: { type: schema6.properties.k3s.properties.install.properties.env.properties.CONTAINERD_HTTPS_PROXY.type } };
                    vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
                  }
                }
              } else {
                let err42 = { instancePath: instancePath + "/k3s/install/env", schemaPath: "#/properties/k3s/properties/install/properties/env/type", keyword: "type", params: { type: "object" } };
                vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
              }
            }
            if (data7.artifacts !== void 0 && typeof data7.artifacts != "string") {
              let err43 = { instancePath: instancePath + "/k3s/install/artifacts", schemaPath: "#/properties/k3s/properties/install/properties/artifacts/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
            }
            if (data7.uploadLimit !== void 0) {
              let data27 = data7.uploadLimit;
              if (typeof data27 == "string") {
                if (!pattern4.test(data27)) {
                  let err44 = { instancePath: instancePath + "/k3s/install/uploadLimit", schemaPath: "#/properties/k3s/properties/install/properties/uploadLimit/pattern", keyword: "pattern", params: { pattern: "^(?:[1-9][0-9]*(?:\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)[kMG]B/s$" } };
                  vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
                }
              } else {
                let err45 = { instancePath: instancePath + "/k3s/install/uploadLimit", schemaPath: "#/properties/k3s/properties/install/properties/uploadLimit/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
              }
            }
          } else {
            let err46 = { instancePath: instancePath + "/k3s/install", schemaPath: "#/properties/k3s/properties/install/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
          }
        }
        if (data4.upgrade !== void 0) {
          let data28 = data4.upgrade;
          if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
            for (let key6 in data28)
              if (!(key6 === "drain" || key6 === "drainTimeout" || key6 === "emptyDir" || key6 === "unmanagedPods" || key6 === "agentsAtOnce" || key6 === "snapshotFirst")) {
                let err47 = { instancePath: instancePath + "/k3s/upgrade", schemaPath: "#/properties/k3s/properties/upgrade/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } };
                vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
              }
            if (data28.drain !== void 0 && typeof data28.drain != "boolean") {
              let err48 = { instancePath: instancePath + "/k3s/upgrade/drain", schemaPath: "#/properties/k3s/properties/upgrade/properties/drain/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
            }
            if (data28.drainTimeout !== void 0) {
              let data30 = data28.drainTimeout;
              if (typeof data30 == "string") {
                if (!pattern5.test(data30)) {
                  let err49 = { instancePath: instancePath + "/k3s/upgrade/drainTimeout", schemaPath: "#/properties/k3s/properties/upgrade/properties/drainTimeout/pattern", keyword: "pattern", params: { pattern: "^(?:[1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|[1-9]h)$" } };
                  vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
                }
              } else {
                let err50 = { instancePath: instancePath + "/k3s/upgrade/drainTimeout", schemaPath: "#/properties/k3s/properties/upgrade/properties/drainTimeout/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
              }
            }
            if (data28.emptyDir !== void 0) {
              let data31 = data28.emptyDir;
              if (typeof data31 != "string") {
                let err51 = { instancePath: instancePath + "/k3s/upgrade/emptyDir", schemaPath: "#/properties/k3s/properties/upgrade/properties/emptyDir/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err51] : vErrors.push(err51), errors++;
              }
              if (!(data31 === "delete" || data31 === "keep")) {
                let err52 = { instancePath: instancePath + "/k3s/upgrade/emptyDir", schemaPath: "#/properties/k3s/properties/upgrade/properties/emptyDir/enum", keyword: "enum", params: { allowedValues: schema6.properties.k3s.properties.upgrade.properties.emptyDir.enum } };
                vErrors === null ? vErrors = [err52] : vErrors.push(err52), errors++;
              }
            }
            if (data28.unmanagedPods !== void 0) {
              let data32 = data28.unmanagedPods;
              if (typeof data32 != "string") {
                let err53 = { instancePath: instancePath + "/k3s/upgrade/unmanagedPods", schemaPath: "#/properties/k3s/properties/upgrade/properties/unmanagedPods/type", keyword: "type", params: { type: "string" } };
                vErrors === null ? vErrors = [err53] : vErrors.push(err53), errors++;
              }
              if (!(data32 === "refuse" || data32 === "delete")) {
                let err54 = { instancePath: instancePath + "/k3s/upgrade/unmanagedPods", schemaPath: "#/properties/k3s/properties/upgrade/properties/unmanagedPods/enum", keyword: "enum", params: { allowedValues: schema6.properties.k3s.properties.upgrade.properties.unmanagedPods.enum } };
                vErrors === null ? vErrors = [err54] : vErrors.push(err54), errors++;
              }
            }
            if (data28.agentsAtOnce !== void 0) {
              let data33 = data28.agentsAtOnce;
              if (typeof data33 != "string" && !(typeof data33 == "number" && !(data33 % 1) && !isNaN(data33) && isFinite(data33))) {
                let err55 = { instancePath: instancePath + "/k3s/upgrade/agentsAtOnce", schemaPath: "#/properties/k3s/properties/upgrade/properties/agentsAtOnce/type", keyword: "type", params: { type: schema6.properties.k3s.properties.upgrade.properties.agentsAtOnce.type } };
                vErrors === null ? vErrors = [err55] : vErrors.push(err55), errors++;
              }
              if (typeof data33 == "number" && isFinite(data33)) {
                if (data33 > 5e3 || isNaN(data33)) {
                  let err56 = { instancePath: instancePath + "/k3s/upgrade/agentsAtOnce", schemaPath: "#/properties/k3s/properties/upgrade/properties/agentsAtOnce/maximum", keyword: "maximum", params: { comparison: "<=", limit: 5e3 } };
                  vErrors === null ? vErrors = [err56] : vErrors.push(err56), errors++;
                }
                if (data33 < 1 || isNaN(data33)) {
                  let err57 = { instancePath: instancePath + "/k3s/upgrade/agentsAtOnce", schemaPath: "#/properties/k3s/properties/upgrade/properties/agentsAtOnce/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
                  vErrors === null ? vErrors = [err57] : vErrors.push(err57), errors++;
                }
              }
              if (typeof data33 == "string" && !pattern6.test(data33)) {
                let err58 = { instancePath: instancePath + "/k3s/upgrade/agentsAtOnce", schemaPath: "#/properties/k3s/properties/upgrade/properties/agentsAtOnce/pattern", keyword: "pattern", params: { pattern: "^(?:[1-9][0-9]{0,3}|[1-9][0-9]?%|100%)$" } };
                vErrors === null ? vErrors = [err58] : vErrors.push(err58), errors++;
              }
            }
            if (data28.snapshotFirst !== void 0 && typeof data28.snapshotFirst != "boolean") {
              let err59 = { instancePath: instancePath + "/k3s/upgrade/snapshotFirst", schemaPath: "#/properties/k3s/properties/upgrade/properties/snapshotFirst/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err59] : vErrors.push(err59), errors++;
            }
          } else {
            let err60 = { instancePath: instancePath + "/k3s/upgrade", schemaPath: "#/properties/k3s/properties/upgrade/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err60] : vErrors.push(err60), errors++;
          }
        }
      } else {
        let err61 = { instancePath: instancePath + "/k3s", schemaPath: "#/properties/k3s/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err61] : vErrors.push(err61), errors++;
      }
    }
    if (data.loadBalancer !== void 0) {
      let data35 = data.loadBalancer;
      if (data35 && typeof data35 == "object" && !Array.isArray(data35)) {
        if (data35.type === void 0) {
          let err62 = { instancePath: instancePath + "/loadBalancer", schemaPath: "#/properties/loadBalancer/required", keyword: "required", params: { missingProperty: "type" } };
          vErrors === null ? vErrors = [err62] : vErrors.push(err62), errors++;
        }
        let tag0 = data35.type;
        if (typeof tag0 == "string")
          if (tag0 === "external")
            validate22(data35, { instancePath: instancePath + "/loadBalancer", parentData: data, parentDataProperty: "loadBalancer", rootData }) || (vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors), errors = vErrors.length);
          else if (tag0 === "dns")
            validate22(data35, { instancePath: instancePath + "/loadBalancer", parentData: data, parentDataProperty: "loadBalancer", rootData }) || (vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors), errors = vErrors.length);
          else if (tag0 === "haproxy")
            validate35(data35, { instancePath: instancePath + "/loadBalancer", parentData: data, parentDataProperty: "loadBalancer", rootData }) || (vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors), errors = vErrors.length);
          else if (tag0 === "nginx")
            validate35(data35, { instancePath: instancePath + "/loadBalancer", parentData: data, parentDataProperty: "loadBalancer", rootData }) || (vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors), errors = vErrors.length);
          else if (tag0 === "kube-vip")
            validate43(data35, { instancePath: instancePath + "/loadBalancer", parentData: data, parentDataProperty: "loadBalancer", rootData }) || (vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors), errors = vErrors.length);
          else {
            let err63 = { instancePath: instancePath + "/loadBalancer", schemaPath: "#/properties/loadBalancer/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "type", tagValue: tag0 } };
            vErrors === null ? vErrors = [err63] : vErrors.push(err63), errors++;
          }
        else {
          let err64 = { instancePath: instancePath + "/loadBalancer", schemaPath: "#/properties/loadBalancer/discriminator", keyword: "discriminator", params: { error: "tag", tag: "type", tagValue: tag0 } };
          vErrors === null ? vErrors = [err64] : vErrors.push(err64), errors++;
        }
      } else {
        let err65 = { instancePath: instancePath + "/loadBalancer", schemaPath: "#/properties/loadBalancer/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err65] : vErrors.push(err65), errors++;
      }
    }
    if (data.datastore !== void 0) {
      let data36 = data.datastore;
      if (data36 && typeof data36 == "object" && !Array.isArray(data36)) {
        if (data36.type === void 0) {
          let err66 = { instancePath: instancePath + "/datastore", schemaPath: "#/properties/datastore/required", keyword: "required", params: { missingProperty: "type" } };
          vErrors === null ? vErrors = [err66] : vErrors.push(err66), errors++;
        }
        let tag1 = data36.type;
        if (typeof tag1 == "string")
          if (tag1 === "embedded-etcd")
            validate57(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length);
          else if (tag1 === "mysql")
            validate58(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate58.errors : vErrors.concat(validate58.errors), errors = vErrors.length);
          else if (tag1 === "postgres")
            validate59(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate59.errors : vErrors.concat(validate59.errors), errors = vErrors.length);
          else if (tag1 === "etcd")
            validate60(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors), errors = vErrors.length);
          else if (tag1 === "nats")
            validate61(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length);
          else if (tag1 === "sqlite")
            validate62(data36, { instancePath: instancePath + "/datastore", parentData: data, parentDataProperty: "datastore", rootData }) || (vErrors = vErrors === null ? validate62.errors : vErrors.concat(validate62.errors), errors = vErrors.length);
          else {
            let err67 = { instancePath: instancePath + "/datastore", schemaPath: "#/properties/datastore/discriminator", keyword: "discriminator", params: { error: "mapping", tag: "type", tagValue: tag1 } };
            vErrors === null ? vErrors = [err67] : vErrors.push(err67), errors++;
          }
        else {
          let err68 = { instancePath: instancePath + "/datastore", schemaPath: "#/properties/datastore/discriminator", keyword: "discriminator", params: { error: "tag", tag: "type", tagValue: tag1 } };
          vErrors === null ? vErrors = [err68] : vErrors.push(err68), errors++;
        }
      } else {
        let err69 = { instancePath: instancePath + "/datastore", schemaPath: "#/properties/datastore/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err69] : vErrors.push(err69), errors++;
      }
    }
    if (data.registries !== void 0) {
      let data37 = data.registries;
      if (data37 && typeof data37 == "object" && !Array.isArray(data37)) {
        for (let key7 in data37)
          if (!(key7 === "file" || key7 === "mirrors" || key7 === "configs")) {
            let err70 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } };
            vErrors === null ? vErrors = [err70] : vErrors.push(err70), errors++;
          }
        if (data37.file !== void 0 && typeof data37.file != "string") {
          let err71 = { instancePath: instancePath + "/registries/file", schemaPath: "#/properties/registries/properties/file/type", keyword: "type", params: { type: "string" } };
          vErrors === null ? vErrors = [err71] : vErrors.push(err71), errors++;
        }
        if (data37.mirrors !== void 0) {
          let data39 = data37.mirrors;
          if (data39 && typeof data39 == "object" && !Array.isArray(data39))
            for (let key8 in data39)
              validate69(data39[key8], { instancePath: instancePath + "/registries/mirrors/" + key8.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data39, parentDataProperty: key8, rootData }) || (vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors), errors = vErrors.length);
          else {
            let err72 = { instancePath: instancePath + "/registries/mirrors", schemaPath: "#/properties/registries/properties/mirrors/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err72] : vErrors.push(err72), errors++;
          }
        }
        if (data37.configs !== void 0) {
          let data41 = data37.configs;
          if (data41 && typeof data41 == "object" && !Array.isArray(data41))
            for (let key9 in data41)
              validate71(data41[key9], { instancePath: instancePath + "/registries/configs/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data41, parentDataProperty: key9, rootData }) || (vErrors = vErrors === null ? validate71.errors : vErrors.concat(validate71.errors), errors = vErrors.length);
          else {
            let err73 = { instancePath: instancePath + "/registries/configs", schemaPath: "#/properties/registries/properties/configs/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err73] : vErrors.push(err73), errors++;
          }
        }
      } else {
        let err74 = { instancePath: instancePath + "/registries", schemaPath: "#/properties/registries/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err74] : vErrors.push(err74), errors++;
      }
    }
    if (data.manifests !== void 0) {
      let data43 = data.manifests;
      if (Array.isArray(data43)) {
        let len0 = data43.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data44 = data43[i0];
          if (typeof data44 == "string") {
            if (!pattern14.test(data44)) {
              let err75 = { instancePath: instancePath + "/manifests/" + i0, schemaPath: "#/properties/manifests/items/pattern", keyword: "pattern", params: { pattern: "^(?:[^*?]*[/\\\\])?[^/\\\\]*\\.(?:ya?ml|json|skip)$" } };
              vErrors === null ? vErrors = [err75] : vErrors.push(err75), errors++;
            }
          } else {
            let err76 = { instancePath: instancePath + "/manifests/" + i0, schemaPath: "#/properties/manifests/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err76] : vErrors.push(err76), errors++;
          }
        }
      } else {
        let err77 = { instancePath: instancePath + "/manifests", schemaPath: "#/properties/manifests/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err77] : vErrors.push(err77), errors++;
      }
    }
    if (data.deleteManifests !== void 0) {
      let data45 = data.deleteManifests;
      if (Array.isArray(data45)) {
        let len1 = data45.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data46 = data45[i1];
          if (typeof data46 == "string") {
            if (!pattern15.test(data46)) {
              let err78 = { instancePath: instancePath + "/deleteManifests/" + i1, schemaPath: "#/properties/deleteManifests/items/pattern", keyword: "pattern", params: { pattern: "^[^/\\\\*?]+\\.(?:ya?ml|json)$" } };
              vErrors === null ? vErrors = [err78] : vErrors.push(err78), errors++;
            }
          } else {
            let err79 = { instancePath: instancePath + "/deleteManifests/" + i1, schemaPath: "#/properties/deleteManifests/items/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err79] : vErrors.push(err79), errors++;
          }
        }
      } else {
        let err80 = { instancePath: instancePath + "/deleteManifests", schemaPath: "#/properties/deleteManifests/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err80] : vErrors.push(err80), errors++;
      }
    }
    if (data.files !== void 0 && (validate73(data.files, { instancePath: instancePath + "/files", parentData: data, parentDataProperty: "files", rootData }) || (vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors), errors = vErrors.length)), data.hosts !== void 0) {
      let data48 = data.hosts;
      if (data48 && typeof data48 == "object" && !Array.isArray(data48)) {
        for (let key10 in data48)
          if (key10 !== "firewall") {
            let err81 = { instancePath: instancePath + "/hosts", schemaPath: "#/properties/hosts/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key10 } };
            vErrors === null ? vErrors = [err81] : vErrors.push(err81), errors++;
          }
        if (data48.firewall !== void 0) {
          let data49 = data48.firewall;
          if (typeof data49 != "string") {
            let err82 = { instancePath: instancePath + "/hosts/firewall", schemaPath: "#/properties/hosts/properties/firewall/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err82] : vErrors.push(err82), errors++;
          }
          if (!(data49 === "tell" || data49 === "manage")) {
            let err83 = { instancePath: instancePath + "/hosts/firewall", schemaPath: "#/properties/hosts/properties/firewall/enum", keyword: "enum", params: { allowedValues: schema6.properties.hosts.properties.firewall.enum } };
            vErrors === null ? vErrors = [err83] : vErrors.push(err83), errors++;
          }
        }
      } else {
        let err84 = { instancePath: instancePath + "/hosts", schemaPath: "#/properties/hosts/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err84] : vErrors.push(err84), errors++;
      }
    }
    if (data.hooks !== void 0) {
      let data50 = data.hooks;
      if (Array.isArray(data50)) {
        let len2 = data50.length;
        for (let i2 = 0; i2 < len2; i2++)
          validate77(data50[i2], { instancePath: instancePath + "/hooks/" + i2, parentData: data50, parentDataProperty: i2, rootData }) || (vErrors = vErrors === null ? validate77.errors : vErrors.concat(validate77.errors), errors = vErrors.length);
      } else {
        let err85 = { instancePath: instancePath + "/hooks", schemaPath: "#/properties/hooks/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err85] : vErrors.push(err85), errors++;
      }
    }
    if (data.token !== void 0 && typeof data.token != "string") {
      let err86 = { instancePath: instancePath + "/token", schemaPath: "#/properties/token/type", keyword: "type", params: { type: "string" } };
      vErrors === null ? vErrors = [err86] : vErrors.push(err86), errors++;
    }
    if (data.ssh !== void 0 && (validate29(data.ssh, { instancePath: instancePath + "/ssh", parentData: data, parentDataProperty: "ssh", rootData }) || (vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors), errors = vErrors.length)), data.servers !== void 0) {
      let data54 = data.servers;
      if (data54 && typeof data54 == "object" && !Array.isArray(data54)) {
        if (data54.nodes === void 0) {
          let err87 = { instancePath: instancePath + "/servers", schemaPath: "#/properties/servers/required", keyword: "required", params: { missingProperty: "nodes" } };
          vErrors === null ? vErrors = [err87] : vErrors.push(err87), errors++;
        }
        for (let key11 in data54)
          if (!(key11 === "config" || key11 === "files" || key11 === "nodes")) {
            let err88 = { instancePath: instancePath + "/servers", schemaPath: "#/properties/servers/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 } };
            vErrors === null ? vErrors = [err88] : vErrors.push(err88), errors++;
          }
        if (data54.config !== void 0 && (validate80(data54.config, { instancePath: instancePath + "/servers/config", parentData: data54, parentDataProperty: "config", rootData }) || (vErrors = vErrors === null ? validate80.errors : vErrors.concat(validate80.errors), errors = vErrors.length)), data54.files !== void 0 && (validate73(data54.files, { instancePath: instancePath + "/servers/files", parentData: data54, parentDataProperty: "files", rootData }) || (vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors), errors = vErrors.length)), data54.nodes !== void 0) {
          let data57 = data54.nodes;
          if (Array.isArray(data57)) {
            if (data57.length < 1) {
              let err89 = { instancePath: instancePath + "/servers/nodes", schemaPath: "#/properties/servers/properties/nodes/minItems", keyword: "minItems", params: { limit: 1 } };
              vErrors === null ? vErrors = [err89] : vErrors.push(err89), errors++;
            }
            let len3 = data57.length;
            for (let i3 = 0; i3 < len3; i3++)
              validate85(data57[i3], { instancePath: instancePath + "/servers/nodes/" + i3, parentData: data57, parentDataProperty: i3, rootData }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length);
          } else {
            let err90 = { instancePath: instancePath + "/servers/nodes", schemaPath: "#/properties/servers/properties/nodes/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err90] : vErrors.push(err90), errors++;
          }
        }
      } else {
        let err91 = { instancePath: instancePath + "/servers", schemaPath: "#/properties/servers/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err91] : vErrors.push(err91), errors++;
      }
    }
    if (data.agents !== void 0) {
      let data59 = data.agents;
      if (data59 && typeof data59 == "object" && !Array.isArray(data59)) {
        for (let key12 in data59)
          if (!(key12 === "config" || key12 === "files" || key12 === "nodes")) {
            let err92 = { instancePath: instancePath + "/agents", schemaPath: "#/properties/agents/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 } };
            vErrors === null ? vErrors = [err92] : vErrors.push(err92), errors++;
          }
        if (data59.config !== void 0 && (validate90(data59.config, { instancePath: instancePath + "/agents/config", parentData: data59, parentDataProperty: "config", rootData }) || (vErrors = vErrors === null ? validate90.errors : vErrors.concat(validate90.errors), errors = vErrors.length)), data59.files !== void 0 && (validate73(data59.files, { instancePath: instancePath + "/agents/files", parentData: data59, parentDataProperty: "files", rootData }) || (vErrors = vErrors === null ? validate73.errors : vErrors.concat(validate73.errors), errors = vErrors.length)), data59.nodes !== void 0) {
          let data62 = data59.nodes;
          if (Array.isArray(data62)) {
            let len4 = data62.length;
            for (let i4 = 0; i4 < len4; i4++)
              validate94(data62[i4], { instancePath: instancePath + "/agents/nodes/" + i4, parentData: data62, parentDataProperty: i4, rootData }) || (vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors), errors = vErrors.length);
          } else {
            let err93 = { instancePath: instancePath + "/agents/nodes", schemaPath: "#/properties/agents/properties/nodes/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err93] : vErrors.push(err93), errors++;
          }
        }
      } else {
        let err94 = { instancePath: instancePath + "/agents", schemaPath: "#/properties/agents/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err94] : vErrors.push(err94), errors++;
      }
    }
  } else {
    let err95 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err95] : vErrors.push(err95), errors++;
  }
  return validate21.errors = vErrors, errors === 0;
}
export {
  stdin_default as default,
  validate
};
