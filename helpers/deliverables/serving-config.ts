import { referenceOf } from '../target/model/images.ts';
import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { metricsPort, predictPort } from '../target/model/serving.ts';
import type { ImageLocations } from '../target/placeholders.ts';

/** How the model is served and asked, for whoever writes a client or a monitor. Secrets stand in it by reference only. */
export function servingConfig(model: ModelDeclaration, strategy: Strategy, images: ImageLocations): object {
  const { name, serving, versions, env, replicas, resources, autoscaling, samples, slo } = model;
  const { stable, candidate } = versions;
  const told = (version: typeof stable) => ({
    modelVersion: version.modelVersion,
    image: referenceOf(version, images),
    env: { ...env, ...version.env },
  });
  return {
    service: name,
    strategy,
    replicas,
    ...(autoscaling === undefined ? {} : { autoscaling }),
    resources,
    serving: { ...serving, predictPort: predictPort(serving), metricsPort: metricsPort(serving) },
    ...serverConfig(model),
    versions: { stable: told(stable), candidate: told(candidate) },
    samples,
    slo,
  };
}

/** The server's own configuration, where it has one. */
function serverConfig({ serving: { protocol, ports, model }, storage }: ModelDeclaration): object {
  const address = (port: number | undefined) => (port === undefined ? undefined : `http://0.0.0.0:${port}`);
  const folder = storage?.mountPath ?? '/models';
  switch (protocol) {
    case 'torchserve':
      return {
        torchserve: {
          inference_address: address(ports.http),
          management_address: address(ports.management),
          metrics_address: address(ports.metrics),
          grpc_inference_port: ports.grpc,
          metrics_mode: 'prometheus',
          load_models: `${model}.mar`,
          model_store: folder,
        },
      };
    case 'tensorflow-grpc':
      return {
        tensorflow_serving: {
          model_config_list: [{ name: model, base_path: `${folder}/${model}`, model_platform: 'tensorflow' }],
          port: ports.grpc,
          rest_api_port: ports.http,
        },
      };
    case 'kserve-v2':
    case 'rest':
      return {};
  }
}
